//! A whole provider: one data source and one function.

use std::collections::BTreeMap;
use std::process::ExitCode;

use tfplug::{
    Configured, DataSource, DataSources, Diagnostics, Function, FunctionError, Functions, Known, Object,
    Provider, async_trait,
};

/// Weather stations of a network.
#[derive(Object)]
struct Weather {
    /// Network to ask.
    #[tf(optional, one_of("north", "south"))]
    network: Known<String>,
}

/// What the configuration becomes.
struct Client {
    network: String,
}

#[async_trait]
impl Provider for Weather {
    type Client = Client;
    const NAME: &'static str = "weather";
    const ADDRESS: &'static str = "registry.terraform.io/example/weather";
    const VERSION: &'static str = "0.1.0";

    fn data_sources() -> DataSources<Client> {
        DataSources::new().with::<Station>()
    }

    fn functions() -> Functions {
        Functions::new().with::<Celsius>()
    }

    async fn configure(self, _: &tfplug::ConfigureContext) -> Result<Configured<Client>, Diagnostics> {
        if self.network.is_unknown() {
            return Ok(Configured::Unknown(vec![tfplug::AttributePath::attribute("network")]));
        }
        Ok(Configured::Ready(Client { network: self.network.known().unwrap_or_else(|| "north".to_owned()) }))
    }
}

/// One station, by its id.
#[derive(Object)]
struct Station {
    /// Station ID.
    #[tf(required, pattern = "^[0-9]{1,6}$")]
    id: String,
    /// Sensors by kind.
    #[tf(computed)]
    sensors: BTreeMap<String, Sensor>,
}

/// A sensor.
#[derive(Object)]
#[tf(computed)]
struct Sensor {
    /// Where it listens.
    address: Option<String>,
}

#[async_trait]
impl DataSource<Client> for Station {
    const NAME: &'static str = "weather_station";

    async fn read(self, cx: &tfplug::ReadContext<Client>) -> Result<Self, Diagnostics> {
        let address = Some(format!("{}.{}.example.com", self.id, cx.client().network));
        Ok(Self { sensors: [("rain".to_owned(), Sensor { address })].into(), ..self })
    }
}

/// Converts degrees Fahrenheit to degrees Celsius.
#[derive(Object)]
#[tf(arguments)]
struct Celsius {
    /// Degrees Fahrenheit.
    fahrenheit: f64,
}

impl Function for Celsius {
    type Output = f64;
    const NAME: &'static str = "celsius";

    fn call(self) -> Result<f64, FunctionError> {
        if self.fahrenheit < -459.67 {
            return Err(FunctionError::at(
                "fahrenheit",
                "Nothing is colder than -459.67 degrees Fahrenheit.",
            ));
        }
        Ok((self.fahrenheit - 32.0) / 1.8)
    }
}

fn main() -> ExitCode {
    tfplug::serve::<Weather>()
}

#[cfg(test)]
mod tests;
