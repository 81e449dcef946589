//! Schemas: what a provider block or data source holds.
//!
//! A schema comes from `#[derive(Object)]` on a Rust struct. It gives the wire schema, validation, and whatever
//! reference documentation needs.

mod check;
mod complete;
mod rule;
#[cfg(test)]
mod tests;
mod unknowns;
mod validate;
mod validator;
mod wire;

use std::collections::BTreeMap;

pub(crate) use check::is_identifier;
pub use check::{Place, SchemaError};
pub(crate) use complete::FromEnvironment;
pub use rule::Rule;
pub(crate) use rule::quoted;
pub use validator::{Pattern, Validator};

use crate::{Type, Value};

/// One attribute.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// Its name in a configuration.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// The attributes of its objects, where it holds objects.
    pub nested: Option<Nested>,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// A configuration has to give it.
    pub required: bool,
    /// A configuration may give it.
    pub optional: bool,
    /// The provider gives it.
    pub computed: bool,
    /// Hosts keep its value out of their output.
    pub sensitive: bool,
    /// Whether its Rust type has a place for null.
    pub nullable: bool,
    /// Why it should not be used any more.
    pub deprecated: Option<&'static str>,
    /// The environment variable that gives it where a configuration does not.
    pub env: Option<&'static str>,
    /// Its value where neither a configuration nor the environment gives one.
    pub default: Option<Value>,
    /// As the last parameter of a function: takes all further arguments.
    pub variadic: bool,
    /// Which parts of it may be unknown when it is decoded.
    pub unknown: UnknownAllowed,
    /// What its value must fulfil.
    pub validators: Vec<Validator>,
}

/// The objects that an attribute holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Nested {
    /// One object, or a collection of them.
    pub nesting: Nesting,
    /// How they are held within that, where collections hold collections; the outermost first.
    pub within: Vec<Nesting>,
    /// Their attributes, in the order of their definition.
    pub attributes: Vec<Attribute>,
    /// What the attributes of each must fulfil together.
    pub rules: Vec<Rule>,
    /// The blocks that their Rust type has. An attribute cannot hold any: such a schema is refused.
    pub blocks: Vec<&'static str>,
}

impl Nested {
    /// A collection of these.
    pub(crate) fn collected(mut self, nesting: Nesting) -> Self {
        if self.nesting != Nesting::Single {
            self.within.insert(0, self.nesting);
        }
        self.nesting = nesting;
        self
    }

    /// Whether any of the attributes comes from the provider alone.
    pub(crate) fn is_computed(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            let nested = || attribute.nested.as_ref().is_some_and(Self::is_computed);
            attribute.computed && !attribute.optional || nested()
        })
    }

    /// Whether hosts keep any of the attributes out of their output.
    pub(crate) fn holds_secrets(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            attribute.sensitive || attribute.nested.as_ref().is_some_and(Self::holds_secrets)
        })
    }
}

/// How the objects of an attribute or of a block are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nesting {
    /// One object. As an attribute it is a nested attribute on the wire.
    Single,
    /// A list. As an attribute it has the plain type `list(object)` on the wire, which hosts can mock.
    List,
    /// A map by text key, likewise `map(object)`.
    Map,
    /// A set, likewise `set(object)`. No block is held so.
    Set,
}

/// Which parts of an attribute may be unknown when it is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownAllowed {
    /// The value itself, and so everything in it.
    pub value: bool,
    /// The elements of the collection.
    pub elements: bool,
}

/// A block of attributes and nested blocks.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Block {
    /// The attributes, in the order of their definition.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, in the order of their definition.
    pub blocks: Vec<NestedBlock>,
    /// What its arguments must fulfil together.
    pub rules: Vec<Rule>,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Why it should not be used any more.
    pub deprecated: Option<&'static str>,
}

/// A block within a block.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NestedBlock {
    /// Its name in a configuration.
    pub name: &'static str,
    /// How many there can be, and how they are held.
    pub nesting: Nesting,
    /// Its content.
    pub block: Block,
    /// How many there must be at least.
    pub min_items: u32,
    /// How many there may be at most; 0 is any number.
    pub max_items: u32,
}

impl Block {
    /// Takes over the content of a flattened struct.
    #[doc(hidden)]
    pub fn absorb(&mut self, flattened: Self) {
        self.attributes.extend(flattened.attributes);
        self.blocks.extend(flattened.blocks);
        self.rules.extend(flattened.rules);
    }

    /// The type of a value of this block: one object of all attributes and blocks.
    pub fn implied_type(&self) -> Type {
        let attributes =
            self.attributes.iter().map(|attribute| (attribute.name.to_owned(), attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|nested| (nested.name.to_owned(), nested.implied_type()));
        Type::Object(attributes.chain(blocks).collect::<BTreeMap<_, _>>())
    }
}

impl NestedBlock {
    /// Any number of blocks, as many as the nesting allows.
    pub fn new(name: &'static str, nesting: Nesting, block: Block) -> Self {
        Self { name, nesting, block, min_items: 0, max_items: 0 }
    }

    fn implied_type(&self) -> Type {
        self.nesting.of(self.block.implied_type())
    }
}

impl Nesting {
    /// The type of this nesting of a type.
    pub fn of(self, ty: Type) -> Type {
        match self {
            Self::Single => ty,
            Self::List => Type::List(Box::new(ty)),
            Self::Map => Type::Map(Box::new(ty)),
            Self::Set => Type::Set(Box::new(ty)),
        }
    }
}
