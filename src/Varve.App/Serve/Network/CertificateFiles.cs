using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Varve.App.Serve.Network;

/// <summary>
/// A server's certificate, read again when its files change, as tools that renew certificates expect. While what lies there is no
/// certificate with its key, the one before is used. Thread-safe.
/// </summary>
internal sealed class CertificateFiles
{
    private readonly string _certificate, _key;
    private readonly Action<VarveException> _warn;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _context; // guarded by _lock
    private (DateTime, DateTime) _read; // when the files were changed last; guarded by _lock

    /// <summary>Reads them. <paramref name="warn"/> hears why files that changed are not used.</summary>
    /// <exception cref="VarveException">Usage: they are not what they should be.</exception>
    internal CertificateFiles(string certificate, string key, Action<VarveException> warn)
    {
        (_certificate, _key, _warn) = (certificate, key, warn);
        _read = Changed();
        _context = Read();
    }

    /// <summary>What is shown to who connects now.</summary>
    internal SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                (DateTime, DateTime) changed = Changed();
                if (changed == _read) { return _context; }
                _read = changed;
                try { _context = Read(); }
                catch (VarveException e) { _warn(e); }
                return _context;
            }
        }
    }

    private (DateTime, DateTime) Changed() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private SslStreamCertificateContext Read()
    {
        try
        {
            var own = X509Certificate2.CreateFromPemFile(_certificate, _key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificate);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(_certificate),
                $"is no certificate of the key in {_key} (PEM, without a password): {e.Message}", Advice.CheckPath, e);
        }
    }
}
