using Microsoft.Win32.SafeHandles;
using Varve.App.Invocation;
using Varve.App.Serve;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.App.Commands;

/// <summary><c>varve serve</c>: hands a repository of this machine to whoever is at the other end of standard input and output.</summary>
internal static class ServeCommand
{
    private const int Requests = 32; // that wait for a disk at once, each on a thread

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        if (!values.Has(RepositorySettings.Stdio)) { throw LineErrors.Of(RepositorySettings.Serve, "--stdio is missing"); }
        string path = values.Find(RepositorySettings.Served) ?? throw LineErrors.Of(RepositorySettings.Serve, "--repository is missing");
        var location = new RepositoryLocation(path);
        if (location.IsRemote) { throw LineErrors.Of(RepositorySettings.Serve, "--repository takes a directory of this machine"); }
        var rights = new ServeRights { AppendOnly = values.Has(RepositorySettings.AppendOnly) };
        ThreadPool.SetMinThreads(Requests, 4);
        using var store = ServedStore.At(path);
        using var line = new PumpedLine(Standard(0, FileAccess.Read), Standard(1, FileAccess.Write));
        StoreServer.Run(line, new StoreEndpoint(store, rights, VersionCommand.Text), VersionCommand.Text).GetAwaiter().GetResult();
        return Outcome.Done;
    }

    private static FileStream Standard(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
}
