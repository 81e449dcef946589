//! The types and options that people write, in a provider of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use serde_json::json;
use tfplug::testing::Host;
use tfplug::{
    AttributeValue, BlockValue as _, ConfigureContext, Configured, DataSource, DataSources, Diagnostic,
    Diagnostics, Function, FunctionError, Functions, Object, Parsed, Provider, ReadContext, async_trait,
    path,
};

/// Of many types.
#[derive(Object)]
struct Types {
    /// From a variable.
    #[tf(optional, env = "TFPLUG_TEST_ABSENT", default = 3, range(1..=9))]
    retries: u8,
    /// With a default.
    #[tf(optional, default = "north", one_of("north", "south"))]
    network: String,
}

#[async_trait]
impl Provider for Types {
    type Client = String;
    const NAME: &'static str = "types";
    const ADDRESS: &'static str = "registry.terraform.io/example/types";
    const VERSION: &'static str = "1.0.0";

    fn data_sources() -> DataSources<String> {
        DataSources::new().with::<Many>()
    }

    fn functions() -> Functions {
        Functions::new().with::<Sum>()
    }

    fn validate(&self) -> Diagnostics {
        if self.network == "south" && self.retries > 5 {
            return Diagnostic::error("Too many retries", "South takes 5 at most.").at("retries").into();
        }
        Diagnostics::new()
    }

    async fn configure(self, _: &ConfigureContext) -> Result<Configured<String>, Diagnostics> {
        Ok(Configured::Ready(format!("{} {}", self.network, self.retries)))
    }
}

/// How it is paid.
#[derive(AttributeValue, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[tf(rename_all = "snake_case")]
enum Charge {
    #[default]
    PrePaid,
    #[tf(rename = "on-demand")]
    OnDemand,
}

/// A name.
#[derive(AttributeValue, Default)]
#[tf(length(1..=5))]
struct Name(String);

const MOST: i64 = 255;

/// Everything.
#[derive(Object)]
struct Many {
    /// A byte.
    #[tf(optional, range(..=MOST))]
    byte: Option<u8>,
    /// A small number.
    #[tf(optional)]
    small: Option<i16>,
    /// A large number.
    #[tf(optional)]
    large: Option<u64>,
    /// A size.
    #[tf(optional, range(-1..=18_000_000_000_000_000_000))]
    size: Option<usize>,
    /// A float.
    #[tf(optional)]
    single: Option<f32>,
    /// A map.
    #[tf(optional)]
    map: Option<HashMap<String, u32>>,
    /// A set.
    #[tf(optional)]
    set: Option<BTreeSet<String>>,
    /// Another set.
    #[tf(optional)]
    hashed: Option<HashSet<Charge>>,
    /// In a box.
    #[tf(optional)]
    boxed: Box<Option<String>>,
    /// How it is paid.
    #[tf(optional)]
    charge: Option<Charge>,
    /// A name.
    #[tf(optional)]
    name: Option<Name>,
    /// An address.
    #[tf(optional)]
    address: Option<Parsed<IpAddr>>,
    /// Filters.
    #[tf(block)]
    filter: Vec<Filter>,
    /// What the client is.
    #[tf(computed)]
    client: String,
    /// Computed choice.
    #[tf(computed)]
    choice: Charge,
}

/// A filter.
#[derive(Object)]
struct Filter {
    /// What is let through.
    #[tf(required)]
    values: Vec<String>,
}

#[async_trait]
impl DataSource<String> for Many {
    const NAME: &'static str = "types_many";

    fn validate(&self) -> Diagnostics {
        let empty = |(index, filter): (usize, &Filter)| {
            let error = || Diagnostic::error("Empty filter", "It lets nothing through.");
            filter.values.is_empty().then(|| error().at(path!(filter[index].values)))
        };
        self.filter.iter().enumerate().filter_map(empty).collect()
    }

    async fn read(self, cx: &ReadContext<String>) -> Result<Self, Diagnostics> {
        Ok(Self { client: cx.client().clone(), choice: Charge::OnDemand, ..self })
    }
}

/// Adds numbers.
#[derive(Object)]
#[tf(arguments)]
struct Sum {
    /// What each is multiplied by.
    factor: i64,
    /// The numbers.
    #[tf(variadic)]
    numbers: Vec<i64>,
}

impl Function for Sum {
    type Output = i64;
    const NAME: &'static str = "sum";

    fn call(self) -> Result<i64, FunctionError> {
        Ok(self.factor * self.numbers.iter().sum::<i64>())
    }
}

async fn configured(config: serde_json::Value) -> (Host, Diagnostics) {
    let host = Host::embed::<Types>().await.unwrap();
    let diagnostics = host.configure(&config).await.unwrap();
    (host, diagnostics)
}

#[test]
fn the_schema_keeps_the_rules_of_the_hosts() {
    assert_eq!(tfplug::testing::check::<Types>(), Ok(()));
}

#[tokio::test]
async fn each_type_comes_back_as_it_went() {
    let (host, diagnostics) = configured(json!({})).await;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let given = json!({
        "byte": 255, "small": -300, "large": u64::MAX, "size": 0, "single": 1.5,
        "map": {"a": 1}, "set": ["a", "b"], "hashed": ["on-demand"], "boxed": "x", "charge": "pre_paid",
        "name": "short", "address": "::0001", "filter": [{"values": ["a"]}],
    });
    let read = host.read("types_many", &given).await.unwrap();
    assert!(read.diagnostics.is_empty(), "{}", read.diagnostics);
    let mut expected = given;
    expected["client"] = json!("north 3");
    expected["choice"] = json!("on-demand");
    assert_eq!(read.state, expected);
}

#[tokio::test]
async fn what_a_type_does_not_take_is_told_at_the_argument() {
    let (host, _) = configured(json!({})).await;
    for (arguments, words) in [
        (json!({"byte": 256}), "(byte): `byte` must be between 0 and 255"),
        (json!({"small": -40000}), "(small): `small` must be between -32768 and 32767"),
        (json!({"large": -1}), "(large): `large` must be at least 0"),
        (json!({"large": 1e20}), "(large): `large` must be at most 18446744073709551615"),
        (json!({"size": u64::MAX}), "(size): `size` must be at most 18000000000000000000"),
        (json!({"map": {"k": -1}}), "(map[\"k\"]): `map[\"k\"]` must be between 0 and 4294967295"),
        (
            json!({"hashed": ["pre_paid", "paid"]}),
            "(hashed): `hashed` must be one of `pre_paid` or `on-demand`",
        ),
        (json!({"set": ["a", null]}), "(set): `set` must not be null"),
        (json!({"charge": "PrePaid"}), "(charge): `charge` must be one of `pre_paid` or `on-demand`"),
        (json!({"name": "too long"}), "(name): `name` must have 1 to 5 characters, but has 8."),
        (json!({"address": "1.2.3"}), "(address): `address` is not valid: invalid IP address syntax."),
        (
            json!({"filter": [{"values": ["a"]}, {"values": []}]}),
            "error: Empty filter (filter[1].values): It lets nothing through.",
        ),
    ] {
        let read = host.read("types_many", &arguments).await.unwrap();
        assert!(read.diagnostics.to_string().contains(words), "{arguments}: {}", read.diagnostics);
    }
}

#[tokio::test]
async fn a_provider_has_defaults_and_a_check_of_all_arguments_together() {
    for (config, words) in [
        (json!({"network": "south", "retries": 5}), ""),
        (
            json!({"network": "south", "retries": 6}),
            "error: Too many retries (retries): South takes 5 at most.",
        ),
        (
            json!({"retries": 0}),
            "error: Invalid argument value (retries): `retries` must be between 1 and 9, but is 0.",
        ),
    ] {
        assert_eq!(configured(config).await.1.to_string(), words);
    }
}

#[tokio::test]
async fn a_function_takes_as_many_arguments_as_it_is_given() {
    let (host, _) = configured(json!({})).await;
    for (arguments, result) in [(vec![json!(2)], 0), (vec![json!(2), json!(1), json!(2)], 6)] {
        assert_eq!(host.call("sum", &arguments).await.unwrap(), Ok(json!(result)));
    }
    let error = host.call("sum", &[json!(2), json!(1), json!(1.5)]).await.unwrap().unwrap_err();
    assert_eq!(
        (&*error.text, error.argument.as_deref()),
        ("`numbers[1]` must be a whole number, but is 1.5", Some("numbers"))
    );
    let error = host.call("sum", &[]).await.unwrap().unwrap_err();
    assert_eq!(error.text, "The function takes at least 1 argument, but received 0");
}

#[test]
fn a_map_may_be_either() {
    assert_eq!(HashMap::<String, i64>::shape().ty, BTreeMap::<String, i64>::shape().ty);
    assert_eq!(HashMap::<String, Filter>::NESTING, BTreeMap::<String, Filter>::NESTING);
}
