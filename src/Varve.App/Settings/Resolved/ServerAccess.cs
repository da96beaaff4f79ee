using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Varve.Keys;
using Varve.Store.Lines;

namespace Varve.App.Settings.Resolved;

/// <summary>What somebody said of how a server is reached. Files are read when a store is opened. Immutable.</summary>
internal sealed record ServerAccess
{
    private const int LongestToken = 4096;

    /// <summary>Nothing was said.</summary>
    internal static ServerAccess None { get; } = new();

    /// <summary>The token itself, or null.</summary>
    internal string? Token { get; init; }

    /// <summary>The file with the token, or null.</summary>
    internal string? TokenFile { get; init; }

    /// <summary>The file that says whom to trust, or null.</summary>
    internal string? AuthorityFile { get; init; }

    /// <summary>The file with the certificate that is shown, or null.</summary>
    internal string? CertificateFile { get; init; }

    /// <summary>
    /// Reads the files. A token that is named by a file goes before one in the environment. <paramref name="warn"/> hears of a secret that
    /// others may read.
    /// </summary>
    /// <exception cref="VarveException">Usage, Storage: a file is not what it should be.</exception>
    internal HttpsAccess Read(Action<Notice>? warn) => new(
        TokenFile is { } file ? ReadToken(file, warn) : Token is { } token ? Checked(token, Subject.Request(Table.Variables.Token)) : null,
        AuthorityFile is null ? null : ReadCertificates(AuthorityFile),
        CertificateFile is null ? null : ReadOwn(CertificateFile, warn));

    /// <summary>As text without what is secret.</summary>
    public override string ToString() => nameof(ServerAccess);

    private static string ReadToken(string file, Action<Notice>? warn) =>
        Checked(ReadSecret(file, "holds no token", Advice.None, warn).TrimEnd('\r', '\n'), Subject.Path(file));

    private static string ReadSecret(string file, string whatElse, Advice advice, Action<Notice>? warn)
    {
        try
        {
            return SecretFile.Read(file, Subject.Path(file), warn, sync: false,
                why => new VarveException(ErrorKind.Usage, Subject.Path(file), $"{whatElse}: {why}", advice));
        }
        // It is no key of the repository, and no other key would do instead.
        catch (VarveException e) when (e.Kind == ErrorKind.WrongKey)
        {
            throw new VarveException(ErrorKind.Usage, e.Subject, e.What, e.Advice, e);
        }
    }

    private static string Checked(string token, Subject subject) =>
        token.Length is > 0 and <= LongestToken && token.All(static c => c is > ' ' and < (char)127) ? token
            : throw new VarveException(ErrorKind.Usage, subject, "holds no token: that is one line of printable characters");

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(file);
            return found.Count > 0 ? found : throw new CryptographicException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Unreadable(file, e); }
        catch (CryptographicException e)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(file), "holds no certificate (PEM)", Advice.NameAuthority, e);
        }
    }

    private static X509Certificate2 ReadOwn(string file, Action<Notice>? warn)
    {
        const string No = "holds no certificate with its private key (PEM)";
        string pem = ReadSecret(file, No, Advice.CheckToken, warn);
        try { return X509Certificate2.CreateFromPem(pem, pem); }
        catch (CryptographicException e) { throw new VarveException(ErrorKind.Usage, Subject.Path(file), No, Advice.CheckToken, e); }
    }

    private static VarveException Unreadable(string file, Exception e) =>
        new(ErrorKind.Storage, Subject.Path(file), "cannot be read: " + e.Message, Advice.CheckPath, e);
}
