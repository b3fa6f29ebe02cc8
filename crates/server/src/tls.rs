//! Certificates, which may be renewed while the server runs.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Tls;

/// A listener's certificate and key, as last read.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    files: Tls,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Shared {
    /// Reads the files.
    ///
    /// # Errors
    /// One line that names the file and says what is wrong with it.
    pub(crate) fn load(files: &Tls) -> Result<Self, String> {
        let current = Arc::new(RwLock::new(read(files)?));
        Ok(Self { files: files.clone(), current })
    }

    /// Reads the files again; new connections get what is in them now.
    ///
    /// # Errors
    /// As [`Shared::load`]; the old certificate stays in use.
    pub(crate) fn reload(&self) -> Result<(), String> {
        let new = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(files: &Tls) -> Result<Arc<ServerConfig>, String> {
    let wrong = |path: &Path, what: &str| format!("{}: {what}; see tls under [[listen]]", path.display());
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(&files.certificate, &format!("no PEM certificate can be read ({error})")))?;
    if certificates.is_empty() {
        return Err(wrong(&files.certificate, "there is no PEM certificate in it"));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| wrong(&files.key, &format!("no PEM private key can be read ({error})")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| {
            wrong(&files.certificate, &format!("the certificate and the key do not go together ({error})"))
        })?;
    Ok(Arc::new(config))
}
