//! Parser of the `#[tf(…)]` attributes of a struct.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, ExprRange, Ident, LitStr, Path, RangeLimits, Result, Token, parenthesized, parse_quote,
};

/// `#[tf(…)]` on the struct.
#[derive(Default)]
pub(crate) struct Container {
    /// All fields are computed.
    pub(crate) computed: bool,
    /// All fields are parameters of a function.
    pub(crate) arguments: bool,
    pub(crate) deprecated: Option<LitStr>,
    /// Path of the `tfplug` crate, if not `::tfplug`.
    pub(crate) tfplug: Option<Path>,
    /// The rule's variant, and the fields that it names.
    pub(crate) rules: Vec<(&'static str, Vec<Ident>)>,
}

/// `#[tf(…)]` on a field.
#[derive(Default)]
pub(crate) struct Field {
    /// The names of the options.
    names: Vec<String>,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) block: bool,
    pub(crate) flatten: bool,
    pub(crate) min_items: Option<Expr>,
    pub(crate) max_items: Option<Expr>,
    pub(crate) deprecated: Option<LitStr>,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) length: Option<Bounds>,
    pub(crate) range: Option<Bounds>,
    pub(crate) one_of: Vec<LitStr>,
    pub(crate) validate: Option<Expr>,
    pub(crate) variadic: bool,
    pub(crate) env: Option<LitStr>,
    pub(crate) default: Option<Expr>,
    /// Path of the `tfplug` crate, on a newtype.
    pub(crate) tfplug: Option<Path>,
}

/// Both ends of an inclusive range; `None` for an end that is omitted.
pub(crate) struct Bounds {
    pub(crate) min: Option<Expr>,
    pub(crate) max: Option<Expr>,
}

/// The options that restrict the value of a field or of a newtype.
const VALIDATORS: [&str; 5] = ["pattern", "length", "range", "one_of", "validate"];

const RULES: [(&str, &str); 4] = [
    ("exactly_one_of", "ExactlyOneOf"),
    ("at_least_one_of", "AtLeastOneOf"),
    ("conflicts", "Conflicts"),
    ("together", "Together"),
];

impl Container {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut container = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
            attribute.parse_nested_meta(|meta| {
                match name_of(&meta.path).as_str() {
                    "computed" => container.computed = true,
                    "arguments" => container.arguments = true,
                    "deprecated" => container.deprecated = Some(meta.value()?.parse()?),
                    "crate" => container.tfplug = Some(meta.value()?.call(Path::parse_mod_style)?),
                    name => {
                        let Some((_, variant)) = RULES.iter().find(|(rule, _)| *rule == name) else {
                            return Err(meta.error(
                                "a struct takes `computed`, `arguments`, `deprecated = \"…\"`, `exactly_one_of(…)`, \
                                 `at_least_one_of(…)`, `conflicts(…)`, `together(…)` and `crate = …`",
                            ));
                        };
                        container.rules.push((variant, listed(&meta, Ident::parse_any)?));
                    }
                }
                Ok(())
            })?;
        }
        Ok(container)
    }

    /// Returns the path of the `tfplug` crate.
    pub(crate) fn tfplug(&self) -> Path {
        tfplug(self.tfplug.as_ref())
    }
}

/// Returns the path of the `tfplug` crate, if the option `crate` has this value.
pub(crate) fn tfplug(path: Option<&Path>) -> Path {
    path.cloned().unwrap_or_else(|| parse_quote!(::tfplug))
}

/// Returns the name of an option; empty for a path of several names.
fn name_of(path: &Path) -> String {
    path.get_ident().map(Ident::to_string).unwrap_or_default()
}

/// Parses the list in the parentheses of an option.
fn listed<T>(meta: &ParseNestedMeta<'_>, item: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let items;
    parenthesized!(items in meta.input);
    Ok(items.parse_terminated(item, Token![,])?.into_iter().collect())
}

impl Field {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut field = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
            attribute.parse_nested_meta(|meta| {
                field.names.push(name_of(&meta.path));
                match name_of(&meta.path).as_str() {
                    "required" => field.required = true,
                    "optional" => field.optional = true,
                    "computed" => field.computed = true,
                    "sensitive" => field.sensitive = true,
                    "block" => field.block = true,
                    "flatten" => field.flatten = true,
                    "variadic" => field.variadic = true,
                    "min_items" => field.min_items = Some(meta.value()?.parse()?),
                    "max_items" => field.max_items = Some(meta.value()?.parse()?),
                    "deprecated" => field.deprecated = Some(meta.value()?.parse()?),
                    "pattern" => field.pattern = Some(meta.value()?.parse()?),
                    "env" => field.env = Some(meta.value()?.parse()?),
                    "default" => field.default = Some(meta.value()?.parse()?),
                    "validate" => field.validate = Some(meta.value()?.parse()?),
                    "crate" => field.tfplug = Some(meta.value()?.call(Path::parse_mod_style)?),
                    "length" => field.length = Some(Bounds::parse(&meta)?),
                    "range" => field.range = Some(Bounds::parse(&meta)?),
                    "one_of" => {
                        field.one_of = listed(&meta, <LitStr as Parse>::parse)?;
                        if field.one_of.is_empty() {
                            return Err(meta.error("list the allowed values: `one_of(\"a\", \"b\")`"));
                        }
                    }
                    _ => {
                        return Err(meta.error(
                            "a field takes `required`, `optional`, `computed`, `sensitive`, `deprecated = \"…\"`, \
                             `env = \"…\"`, `default = …`, `pattern = \"…\"`, `length(…)`, `range(…)`, `one_of(…)`, \
                             `validate = …`; or `block`, with `min_items = …` and `max_items = …`; or `flatten`; or, as \
                             the last parameter of a function, `variadic`",
                        ));
                    }
                }
                Ok(())
            })?;
        }
        Ok(field)
    }

    fn validates(&self) -> bool {
        self.names.iter().any(|name| VALIDATORS.contains(&name.as_str()))
    }

    fn flags(&self) -> bool {
        self.required || self.optional || self.computed
    }

    /// Rejects options that apply to fields but not to types.
    pub(crate) fn check_newtype(&self, at: Span) -> Result<()> {
        if self.names.iter().all(|name| name == "crate" || VALIDATORS.contains(&name.as_str())) {
            return Ok(());
        }
        let complaint = "a newtype takes `pattern`, `length`, `range`, `one_of`, `validate` and `crate`";
        Err(syn::Error::new(at, complaint))
    }

    /// Rejects flags that contradict each other, with an error at the field.
    pub(crate) fn check(&self, container: &Container, at: Span) -> Result<()> {
        let flags = self.flags();
        let complaint = if self.tfplug.is_some() {
            "`crate` is an option of the struct"
        } else if self.variadic && !container.arguments {
            "`variadic` is for the last parameter of a function"
        } else if (self.env.is_some() || self.default.is_some()) && (!self.optional || self.computed) {
            "`env` and `default` are for arguments that are `optional`"
        } else if self.flatten && (flags || self.sensitive || self.block) {
            "the fields of a flattened struct have their own options"
        } else if self.block && (flags || self.sensitive) {
            "a block is neither required, optional, computed nor sensitive: use `min_items` and `max_items`"
        } else if !self.block && (self.min_items.is_some() || self.max_items.is_some()) {
            "`min_items` and `max_items` are for blocks"
        } else if (self.flatten || self.block) && self.validates() {
            "`pattern`, `length`, `range`, `one_of` and `validate` are for attributes"
        } else if self.flatten && self.deprecated.is_some() {
            "a flattened struct cannot be `deprecated`: mark its fields"
        } else if self.flatten && container.arguments {
            "a function cannot have flattened parameters"
        } else if (container.computed || container.arguments) && (flags || self.block) {
            "an option of the struct already applies to its fields"
        } else if self.required && (self.optional || self.computed) {
            "`required` excludes `optional` and `computed`"
        } else if !(flags || self.block || self.flatten || container.computed || container.arguments) {
            "mark the attribute as `required`, `optional` or `computed`, or as a `block`: #[tf(…)]"
        } else {
            return Ok(());
        };
        Err(syn::Error::new(at, complaint))
    }
}

impl Bounds {
    /// Parses the range in the parentheses of an option.
    fn parse(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        let inner;
        parenthesized!(inner in meta.input);
        let range: ExprRange = inner.parse()?;
        if matches!(range.limits, RangeLimits::HalfOpen(_)) && range.end.is_some() {
            return Err(syn::Error::new(range.span(), "write both ends as part of the range: `a..=b`"));
        }
        Ok(Self { min: range.start.map(|min| *min), max: range.end.map(|max| *max) })
    }
}
