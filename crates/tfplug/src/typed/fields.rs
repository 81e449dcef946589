//! Options of the fields of objects, known to the compiler: an attribute whose objects have options that hosts would not
//! see does not compile.

/// Options that fields of a type's objects have, at every depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// A field is `required` or `optional`.
    pub given: bool,
    /// A field is not `required`.
    pub omitted: bool,
    /// A field is `deprecated`.
    pub deprecated: bool,
    /// A field has `env` or `default`.
    pub completed: bool,
    /// A field is a `block`.
    pub block: bool,
}

impl Fields {
    /// No options.
    pub const NONE: Self =
        Self { given: false, omitted: false, deprecated: false, completed: false, block: false };

    /// Adds the options of other fields.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            given: self.given || other.given,
            omitted: self.omitted || other.omitted,
            deprecated: self.deprecated || other.deprecated,
            completed: self.completed || other.completed,
            block: self.block || other.block,
        }
    }

    /// Fails the compilation if an attribute cannot hold objects with such fields.
    #[track_caller]
    pub(super) const fn check_object(self) {
        assert!(!self.block, "an attribute cannot hold blocks: the struct has a field that is a `block`");
        assert!(
            !self.completed,
            "`env` and `default` are for arguments of blocks: the struct has a field with one of them"
        );
    }

    /// Fails the compilation if hosts would not see the options of these fields, because they receive the objects as a
    /// plain type.
    #[track_caller]
    pub(super) const fn check_elements(self, computed: bool) {
        assert!(
            !self.deprecated,
            "hosts do not see that a field of an object in a collection is `deprecated`: mark the collection instead"
        );
        if computed {
            assert!(
                !self.given,
                "only the provider sets this collection: mark the fields of its objects `computed`"
            );
        } else {
            assert!(
                !self.omitted,
                "hosts require every field of an object in a collection: mark its fields `required` (with an `Option` for \
                 one that may be null), or make this a `block`"
            );
        }
    }
}
