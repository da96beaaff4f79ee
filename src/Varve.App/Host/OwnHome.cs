using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>
/// Where root's own files belong when somebody became root and kept his HOME (<c>sudo -E</c>): in root's home, as ssh has it. A repository,
/// key or cache that root made in another's home would be root's there, and its owner could never use them.
/// </summary>
internal sealed class OwnHome
{
    private const uint Root = 0;

    /// <summary>Variables that say where files of one's own lie.</summary>
    private static readonly string[] s_places = ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"];

    private readonly Func<string, string?> _environment;
    private readonly Dictionary<string, string?> _instead = [];

    /// <param name="user">Who runs the program.</param>
    /// <param name="environment">Variables as they are.</param>
    /// <param name="ownerOf">Who owns what is at a path; null if nothing is.</param>
    /// <param name="homeOf">The home of a user by the account database, or null.</param>
    internal OwnHome(uint user, Func<string, string?> environment, Func<string, uint?> ownerOf, Func<uint, string?> homeOf)
    {
        _environment = environment;
        if (user != Root) { return; }
        if (Another("HOME") is { } owner)
        {
            _instead["HOME"] = homeOf(user);
            string used = _instead["HOME"] is { Length: > 0 } own ? $"{own} is used" : "it is not used";
            Note = $"note: HOME is {environment("HOME")}, which belongs to {UserText.Of(owner)}, and root runs this: {used} instead";
        }

        foreach (string name in s_places)
        {
            if (Another(name) is not { } other) { continue; }
            _instead[name] = null;
            Note ??= $"note: {name} is {environment(name)}, which belongs to {UserText.Of(other)}, and root runs this: it is not used";
        }

        uint? Another(string name)
        {
            for (string? at = environment(name); at is { Length: > 0 } && Path.IsPathRooted(at); at = Path.GetDirectoryName(at))
            {
                if (ownerOf(at) is { } found) { return found == Root || found == UserNamespace.Unmapped ? null : found; }
            }

            return null;
        }
    }

    /// <summary>What people should know; null if HOME is root's, or root does not run this.</summary>
    internal string? Note { get; }

    /// <summary>That of the process.</summary>
    internal static OwnHome OfProcess() => new(Posix.EffectiveUser(), System.Environment.GetEnvironmentVariable, OwnerOf,
        static user => Posix.HomeOf(user) is { } home ? Encoding.UTF8.GetString(home) : null);

    /// <summary>An environment variable as root's own files need it, or null.</summary>
    internal string? Variable(string name) => _instead.TryGetValue(name, out string? value) ? value : _environment(name);

    private static uint? OwnerOf(string path) =>
        Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out EntryStat stat, 0) == 0 ? stat.Uid : null;
}
