using System.Globalization;
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
    private readonly Action<VarveException> _warn;
    private readonly Lock _lock = new();
    private string _certificate, _key; // guarded by _lock
    private SslStreamCertificateContext _context; // guarded by _lock
    private string _state; // of the files when they were read last, or what was wrong with them; guarded by _lock

    /// <summary>Reads them. <paramref name="warn"/> hears, once each, why files that changed are not used.</summary>
    /// <exception cref="VarveException">Usage: they are not what they should be.</exception>
    internal CertificateFiles(string certificate, string key, Action<VarveException> warn)
    {
        (_certificate, _key, _warn) = (certificate, key, warn);
        (_state, _context) = (State(), Read());
    }

    /// <summary>What is shown to who connects now.</summary>
    internal SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                string state = "";
                try
                {
                    state = State();
                    if (state != _state) { _context = Read(); }
                }
                catch (VarveException e)
                {
                    if (state.Length == 0) { state = e.Message; }
                    if (state != _state) { _warn(e); }
                }

                _state = state;
                return _context;
            }
        }
    }

    /// <summary>Other files are the certificate's from now on.</summary>
    internal void Use(string certificate, string key)
    {
        lock (_lock) { (_certificate, _key) = (certificate, key); }
    }

    // By descriptors: what tools renew lies behind links, which stay as they are.
    private string State()
    {
        try { return Of(_certificate) + " " + Of(_key); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Unusable(e); }

        static string Of(string path)
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            return string.Create(CultureInfo.InvariantCulture,
                $"{path} {File.GetLastWriteTimeUtc(file).Ticks} {RandomAccess.GetLength(file)}");
        }
    }

    private SslStreamCertificateContext Read()
    {
        try
        {
            var own = X509Certificate2.CreateFromPemFile(_certificate, _key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificate);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException) { throw Unusable(e); }
    }

    private VarveException Unusable(Exception e) => new(ErrorKind.Usage, Subject.Path(_certificate),
        $"is no certificate of the key in {_key} (PEM, without a password): {e.Message}", Advice.CheckPath, e);
}
