//! Options of the fields of objects, known to the compiler: an attribute whose objects have options that hosts would not
//! see does not compile.

/// Options that fields of a type's objects have, at every depth: a set of these constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields(u8);

impl Fields {
    /// No options.
    pub const NONE: Self = Self(0);
    /// A field is `required` or `optional`.
    pub const GIVEN: Self = Self(1);
    /// A field is not `required`.
    pub const OMITTED: Self = Self(2);
    /// A field is `deprecated`.
    pub const DEPRECATED: Self = Self(4);
    /// A field has `env` or `default`.
    pub const COMPLETED: Self = Self(8);
    /// A field is a `block`.
    pub const BLOCK: Self = Self(16);

    /// Adds the options of other fields.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, option: Self) -> bool {
        self.0 & option.0 != 0
    }

    /// Fails the compilation if an attribute cannot hold objects with such fields.
    #[track_caller]
    pub(super) const fn check_object(self) {
        assert!(
            !self.has(Self::BLOCK),
            "an attribute cannot hold blocks: the struct has a field that is a `block`"
        );
        assert!(
            !self.has(Self::COMPLETED),
            "`env` and `default` are for arguments of blocks: the struct has a field with one of them"
        );
    }

    /// Fails the compilation if hosts would not see the options of these fields, because they receive the objects as a
    /// plain type.
    #[track_caller]
    pub(super) const fn check_elements(self, computed: bool) {
        assert!(
            !self.has(Self::DEPRECATED),
            "hosts do not see that a field of an object in a collection is `deprecated`: mark the collection instead"
        );
        if computed {
            assert!(
                !self.has(Self::GIVEN),
                "only the provider sets this collection: mark the fields of its objects `computed`"
            );
        } else {
            assert!(
                !self.has(Self::OMITTED),
                "hosts require every field of an object in a collection: mark its fields `required` (with an `Option` for \
                 one that may be null), or make this a `block`"
            );
        }
    }
}
