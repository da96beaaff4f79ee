namespace Varve.Store.Lines;

/// <summary>Where lines to one store come from: ssh, a server, or within this process in tests.</summary>
internal interface IStoreLine
{
    /// <summary>The host, for messages.</summary>
    string Host { get; }

    /// <summary>The server that answers there; null where a greeting comes first, and the line leads to one store.</summary>
    ServerFront? Server => null;

    /// <summary>Begins another one. Its greeting was not read yet.</summary>
    /// <exception cref="VarveException">Storage: it cannot be begun.</exception>
    IOpenLine Open();
}
