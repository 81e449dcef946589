//! Parser of the `#[tf(…)]` attributes of a struct.

use proc_macro2::Span;
use syn::ext::IdentExt;
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
                if meta.path.is_ident("computed") {
                    container.computed = true;
                } else if meta.path.is_ident("arguments") {
                    container.arguments = true;
                } else if meta.path.is_ident("deprecated") {
                    container.deprecated = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("crate") {
                    container.tfplug = Some(meta.value()?.call(Path::parse_mod_style)?);
                } else if let Some((_, variant)) = RULES.iter().find(|(name, _)| meta.path.is_ident(name)) {
                    let names;
                    parenthesized!(names in meta.input);
                    let names = names.parse_terminated(Ident::parse_any, Token![,])?;
                    container.rules.push((variant, names.into_iter().collect()));
                } else {
                    return Err(meta.error(
                        "a struct takes `computed`, `arguments`, `deprecated = \"…\"`, `exactly_one_of(…)`, \
                         `at_least_one_of(…)`, `conflicts(…)`, `together(…)` and `crate = …`",
                    ));
                }
                Ok(())
            })?;
        }
        Ok(container)
    }

    /// Returns the path of the `tfplug` crate.
    pub(crate) fn tfplug(&self) -> Path {
        self.tfplug.clone().unwrap_or_else(|| parse_quote!(::tfplug))
    }
}

impl Field {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut field = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
            attribute.parse_nested_meta(|meta| {
                let path = &meta.path;
                if path.is_ident("required") {
                    field.required = true;
                } else if path.is_ident("optional") {
                    field.optional = true;
                } else if path.is_ident("computed") {
                    field.computed = true;
                } else if path.is_ident("sensitive") {
                    field.sensitive = true;
                } else if path.is_ident("block") {
                    field.block = true;
                } else if path.is_ident("flatten") {
                    field.flatten = true;
                } else if path.is_ident("min_items") {
                    field.min_items = Some(meta.value()?.parse()?);
                } else if path.is_ident("max_items") {
                    field.max_items = Some(meta.value()?.parse()?);
                } else if path.is_ident("deprecated") {
                    field.deprecated = Some(meta.value()?.parse()?);
                } else if path.is_ident("pattern") {
                    field.pattern = Some(meta.value()?.parse()?);
                } else if path.is_ident("variadic") {
                    field.variadic = true;
                } else if path.is_ident("env") {
                    field.env = Some(meta.value()?.parse()?);
                } else if path.is_ident("default") {
                    field.default = Some(meta.value()?.parse()?);
                } else if path.is_ident("crate") {
                    field.tfplug = Some(meta.value()?.call(Path::parse_mod_style)?);
                } else if path.is_ident("validate") {
                    field.validate = Some(meta.value()?.parse()?);
                } else if path.is_ident("length") || path.is_ident("range") {
                    let inner;
                    parenthesized!(inner in meta.input);
                    let bounds = Bounds::parse(&inner.parse()?)?;
                    if path.is_ident("length") {
                        field.length = Some(bounds);
                    } else {
                        field.range = Some(bounds);
                    }
                } else if path.is_ident("one_of") {
                    let inner;
                    parenthesized!(inner in meta.input);
                    let values = inner.parse_terminated(<LitStr as syn::parse::Parse>::parse, Token![,])?;
                    if values.is_empty() {
                        return Err(meta.error("list the allowed values: `one_of(\"a\", \"b\")`"));
                    }
                    field.one_of = values.into_iter().collect();
                } else {
                    return Err(meta.error(
                        "a field takes `required`, `optional`, `computed`, `sensitive`, `deprecated = \"…\"`, \
                         `env = \"…\"`, `default = …`, `pattern = \"…\"`, `length(…)`, `range(…)`, `one_of(…)`, \
                         `validate = …`; or `block`, with `min_items = …` and `max_items = …`; or `flatten`; or, as \
                         the last parameter of a function, `variadic`",
                    ));
                }
                Ok(())
            })?;
        }
        Ok(field)
    }

    fn validates(&self) -> bool {
        self.pattern.is_some()
            || self.length.is_some()
            || self.range.is_some()
            || !self.one_of.is_empty()
            || self.validate.is_some()
    }

    fn flags(&self) -> bool {
        self.required || self.optional || self.computed
    }

    /// Returns the path of the `tfplug` crate.
    pub(crate) fn tfplug(&self) -> Path {
        self.tfplug.clone().unwrap_or_else(|| parse_quote!(::tfplug))
    }

    /// Rejects options that apply to fields but not to types.
    pub(crate) fn check_newtype(&self, at: Span) -> Result<()> {
        let of_fields = [
            self.flags(),
            self.sensitive,
            self.block,
            self.flatten,
            self.variadic,
            self.min_items.is_some(),
            self.max_items.is_some(),
            self.deprecated.is_some(),
            self.env.is_some(),
            self.default.is_some(),
        ];
        if of_fields.contains(&true) {
            let complaint = "a newtype takes `pattern`, `length`, `range`, `one_of`, `validate` and `crate`";
            return Err(syn::Error::new(at, complaint));
        }
        Ok(())
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
    fn parse(range: &ExprRange) -> Result<Self> {
        if matches!(range.limits, RangeLimits::HalfOpen(_)) && range.end.is_some() {
            return Err(syn::Error::new(range.span(), "write both ends as part of the range: `a..=b`"));
        }
        let end = |end: &Option<Box<Expr>>| end.as_deref().cloned();
        Ok(Self { min: end(&range.start), max: end(&range.end) })
    }
}
