//! A whole provider: one data source with a nested block, one function, and an argument that may not be known yet.

use std::collections::BTreeMap;
use std::process::ExitCode;

use tfplug::{
    AttributePath, ConfigureContext, Configured, DataSource, DataSources, Diagnostic, Diagnostics, Function,
    FunctionError, Functions, Known, Object, Provider, ReadContext, async_trait,
};

/// Reads the weather stations of a network.
#[derive(Object)]
struct Weather {
    /// Network to read from: `north` or `south`.
    #[tf(optional, one_of("north", "south"))]
    network: Known<String>,
}

/// What `configure` creates: all reads share it.
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

    async fn configure(self, _: &ConfigureContext) -> Result<Configured<Client>, Diagnostics> {
        let network = match self.network {
            Known::Value(network) => network,
            Known::Null => "north".to_owned(),
            // It comes from what is not there before apply. The default would be a guess, and maybe the wrong network.
            Known::Unknown => return Ok(Configured::Unknown(vec![AttributePath::attribute("network")])),
        };
        Ok(Configured::Ready(Client { network }))
    }
}

/// Reads a weather station by its ID.
#[derive(Object)]
struct Station {
    /// ID of the station: 1 to 6 digits.
    #[tf(required, pattern = "^[0-9]{1,6}$")]
    id: String,
    /// Units in which readings are returned.
    #[tf(block)]
    units: Option<Units>,
    /// Current temperature, in the unit that `units` sets. Defaults to degrees Celsius.
    #[tf(computed)]
    temperature: f64,
    /// Sensors of the station, by kind, such as `rain`.
    #[tf(computed)]
    sensors: BTreeMap<String, Sensor>,
}

/// Units in which readings are returned.
#[derive(Object)]
struct Units {
    /// Unit of `temperature`: `celsius` or `fahrenheit`.
    #[tf(optional, one_of("celsius", "fahrenheit"))]
    temperature: Option<String>,
}

/// A sensor of a station.
#[derive(Object)]
#[tf(computed)]
struct Sensor {
    /// Host name of the sensor, such as `12.south.example.com`.
    address: Option<String>,
}

#[async_trait]
impl DataSource<Client> for Station {
    const NAME: &'static str = "weather_station";

    async fn read(self, cx: &ReadContext<Client>) -> Result<Self, Diagnostics> {
        let network = &cx.client().network;
        if self.id == "404" {
            let detail = format!("The network {network} has no station {}.", self.id);
            return Err(Diagnostic::error("Station not found", detail).at("id").into());
        }
        // A real provider would send a request to the network here.
        let celsius = 20.0;
        let unit = self.units.as_ref().and_then(|units| units.temperature.as_deref());
        let temperature = if unit == Some("fahrenheit") { celsius * 1.8 + 32.0 } else { celsius };
        let address = Some(format!("{}.{network}.example.com", self.id));
        Ok(Self { temperature, sensors: [("rain".to_owned(), Sensor { address })].into(), ..self })
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
