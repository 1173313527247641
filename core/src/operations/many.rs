//! Many secrets in one operation. Each is a call of its own, and what fails keeps nothing else from going on.

use std::{collections::HashSet, fmt};

use super::{
    GET_SECRETS, ListSecrets, SET_SECRETS,
    set::{Properties, Set, SetSecret},
};
use crate::{
    error::{Error, Result},
    model::Tags,
    request::{About, Context, Operation, OptionalText, Request},
    results::{Orders, Progress, Results},
    value::SecretValue,
    wire::SecretBody,
};

const DEFAULT_CONCURRENCY: u32 = 64;
const MAX_CONCURRENCY: u32 = 256;

/// How an operation goes about many secrets.
#[derive(Default)]
pub struct Manner {
    concurrency: Option<u32>,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
}

impl fmt::Debug for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manner").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

/// An operation on many secrets.
pub trait Many {
    #[doc(hidden)]
    fn manner(&mut self) -> &mut Manner;
}

impl<O: Many> Request<O> {
    /// Sets how many secrets are under way at a time, 1 to 256. The default is 64.
    pub fn concurrency(mut self, concurrency: impl Into<Option<u32>>) -> Self {
        self.operation.manner().concurrency = concurrency.into();
        self
    }

    /// Calls this after each result that is taken.
    pub fn on_progress(mut self, tell: impl FnMut(Progress) + Send + 'static) -> Self {
        self.operation.manner().on_progress = Some(Box::new(tell));
        self
    }
}

impl Manner {
    fn begin(self, context: &Context, orders: Orders) -> Result<Results> {
        let concurrency = self.concurrency.unwrap_or(DEFAULT_CONCURRENCY);
        if !(1..=MAX_CONCURRENCY).contains(&concurrency) {
            return Err(Error::invalid_argument(
                "concurrency",
                format!("must be from 1 to {MAX_CONCURRENCY}"),
            ));
        }
        let concurrency = usize::try_from(concurrency).unwrap_or(usize::MAX);
        Ok(Results::new(context, orders, concurrency, self.on_progress))
    }
}

/// See [`SecretClient::get_secrets`](crate::SecretClient::get_secrets).
#[derive(Debug, Default)]
pub struct GetSecrets {
    names: Option<Vec<String>>,
    prefix: Option<String>,
    tags: Option<Tags>,
    manner: Manner,
}

impl Request<GetSecrets> {
    /// Reads the secrets of these names. The default is to read all that the vault lists.
    pub fn names(mut self, names: impl IntoIterator<Item: Into<String>>) -> Self {
        self.operation.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Reads those secrets of the vault whose names begin so; letter case makes no difference.
    pub fn prefix(mut self, prefix: impl OptionalText) -> Self {
        self.operation.prefix = prefix.into_option();
        self
    }

    /// Reads those secrets of the vault whose newest version has all these tags.
    pub fn tags(mut self, tags: impl Into<Option<Tags>>) -> Self {
        self.operation.tags = tags.into();
        self
    }
}

impl Many for GetSecrets {
    fn manner(&mut self) -> &mut Manner {
        &mut self.manner
    }
}

impl Operation for GetSecrets {
    type Output = Results;
    const ABOUT: &'static About = &GET_SECRETS;

    async fn run(self, context: Context) -> Result<Results> {
        let Self { names, prefix, tags, manner } = self;
        let orders = match names {
            Some(_) if prefix.is_some() || tags.is_some() => {
                return Err(Error::invalid_argument("names", "cannot be combined with prefix or tags"));
            }
            Some(names) => Orders::get(names),
            None => {
                let all = Request::new(&context.pipeline, ListSecrets::default());
                let pages = all.timeout(context.deadline.length()).pages();
                Orders::get_listed(pages, prefix.unwrap_or_default(), tags.unwrap_or_default())
            }
        };
        manner.begin(&context, orders)
    }
}

/// See [`SecretClient::set_secrets`](crate::SecretClient::set_secrets).
#[derive(Debug)]
pub struct SetSecrets {
    values: Vec<(String, SecretValue)>,
    /// What every one is set with; its own name and value stand for nothing.
    alike: SetSecret,
    manner: Manner,
}

impl SetSecrets {
    pub(crate) fn new(values: Vec<(String, SecretValue)>) -> Self {
        let alike = SetSecret::new(String::new(), SecretValue::default());
        Self { values, alike, manner: Manner::default() }
    }

    /// Two sets of one name at a time would leave to chance which version is the newest.
    fn check_names(&self) -> Result<()> {
        let mut seen = HashSet::new();
        match self.values.iter().find(|(name, _)| !seen.insert(name.to_ascii_lowercase())) {
            Some((twice, _)) => Err(Error::invalid_argument("values", format!("{twice:?} is given twice"))),
            None => Ok(()),
        }
    }
}

impl Many for SetSecrets {
    fn manner(&mut self) -> &mut Manner {
        &mut self.manner
    }
}

impl Set for SetSecrets {
    fn set(&mut self) -> &mut SetSecret {
        &mut self.alike
    }
}

impl Properties for SetSecrets {
    fn body(&mut self) -> &mut SecretBody {
        self.alike.body()
    }
}

impl Operation for SetSecrets {
    type Output = Results;
    const ABOUT: &'static About = &SET_SECRETS;

    async fn run(self, context: Context) -> Result<Results> {
        self.check_names()?;
        self.alike.check()?;
        self.manner.begin(&context, Orders::set(self.values, self.alike))
    }
}
