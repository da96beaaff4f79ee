using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Varve.Tests.Kit.Stores;

/// <summary>An authority of a test's own, whose certificates are for loopback; files of them lie in a directory (PEM).</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _own;
    private readonly string _directory;

    internal TestAuthority(string directory)
    {
        _directory = directory;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(AuthorityFile, _own.ExportCertificatePem());
    }

    /// <summary>Who signs.</summary>
    internal string AuthorityFile => Path.Combine(_directory, "authority.pem");

    /// <summary>Writes a certificate and its private key into NAME.pem and NAME.key; returns the certificate's SHA-256.</summary>
    /// <param name="name">The files' name.</param>
    /// <param name="host">What it is for.</param>
    /// <param name="issuerAt">A URL that it says its authority's certificate is at; null for none.</param>
    /// <param name="isExpired">Whether it was good until an hour ago.</param>
    internal string Issue(string name, string host = "localhost", string? issuerAt = null, bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost") { names.AddIpAddress(IPAddress.Loopback); }
        request.CertificateExtensions.Add(names.Build());
        if (issuerAt is not null) { request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAt])); }
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-2), until = isExpired ? from.AddHours(1) : from.AddMonths(6);
        using X509Certificate2 issued = request.Create(_own, from, until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(At(name + ".pem"), issued.ExportCertificatePem() + "\n");
        File.WriteAllText(At(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return Convert.ToHexStringLower(SHA256.HashData(issued.RawData));
    }

    /// <summary>A file in the directory.</summary>
    internal string At(string name) => Path.Combine(_directory, name);

    public void Dispose() => _own.Dispose();
}
