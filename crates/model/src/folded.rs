//! What is shown as it was typed and compared as it is folded: names, and masks of them.

/// For a type around something with a `shown` and a `folded` text, which is read by its own `new`: everything that does not
/// depend on what it is.
macro_rules! compared_as_folded {
    ($type:ident, $error:ident) => {
        impl $type {
            /// The spelling to show.
            pub fn as_str(&self) -> &str {
                &self.0.shown
            }

            /// The spelling to compare and to store as a key.
            pub fn folded(&self) -> &str {
                &self.0.folded
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.0.folded == other.0.folded
            }
        }
        impl Eq for $type {}
        impl Ord for $type {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.0.folded.cmp(&other.0.folded)
            }
        }
        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl ::std::hash::Hash for $type {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.0.folded.hash(state);
            }
        }
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0.shown)
            }
        }
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&*self.0.shown, f)
            }
        }
        impl From<$type> for String {
            fn from(text: $type) -> Self {
                text.as_str().to_owned()
            }
        }
        impl TryFrom<String> for $type {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::new(&text)
            }
        }
        impl ::std::str::FromStr for $type {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::new(text)
            }
        }
    };
}

pub(crate) use compared_as_folded;
