using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.Tests.Kit.Stores;

/// <summary>What answers at an address instead of a server, or before it, with a certificate that is trusted.</summary>
internal sealed class StrangeProxy : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly TestAuthority _authority;
    private readonly WebApplication _app;

    /// <summary>Each request is answered so.</summary>
    internal StrangeProxy(RequestDelegate answer)
    {
        _authority = new TestAuthority(_d.Path);
        _authority.Issue("server");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(_authority.At("server.pem"), _authority.At("server.key")),
            })));
        _app = builder.Build();
        _app.Run(answer);
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>An answer of Varve.</summary>
    internal static Task Answer(HttpContext http, int status, string text = "")
    {
        http.Response.StatusCode = status;
        http.Response.Headers[Protocol.AnswerHeader] = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.ContentLength = text.Length;
        return http.Request.Method == "HEAD" ? Task.CompletedTask : http.Response.WriteAsync(text);
    }

    internal RemoteStore Open()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(_authority.AuthorityFile);
        int port = new Uri(_app.Urls.Single()).Port;
        return (RemoteStore)HttpsStore.Open(HttpsAddress.Parse($"https://localhost:{port}/it"), new HttpsAccess("t", authorities, null),
            new StoreOpening(false, null, TimeProvider.System));
    }

    public void Dispose()
    {
        _app.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
        _authority.Dispose();
        _d.Dispose();
    }
}
