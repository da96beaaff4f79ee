namespace Varve.Tests.Kit.Processes;

/// <summary>
/// A small Debian of this machine's release, from where this machine's own apt gets its packages, and with nothing of what is installed
/// here. Needs root. Thread-safe once it is made.
/// </summary>
public sealed class Chroot : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly Lazy<string> _base;

    public Chroot() => _base = new Lazy<string>(Bootstrap);

    /// <summary>A fresh copy of it, with a user <c>ada</c>; its root.</summary>
    internal string Fresh(string name)
    {
        string root = Path.Combine(_d.Path, name);
        Programs.Run("cp", "-a", _base.Value, root);
        Run(root, "root", "useradd --create-home --shell /bin/bash ada");
        return root;
    }

    /// <summary>
    /// Runs lines of bash there that must all succeed, as a user in his home, with no environment but what a login has; all that was
    /// printed. Every process ends with it.
    /// </summary>
    internal static string Run(string root, string user, string script)
    {
        string home = user == "root" ? "/root" : "/home/" + user;
        File.WriteAllText(Path.Combine(root, "tmp/script"), $"set -euo pipefail\ncd {home}\n{script}\n");
        const string inside = """
            mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" &&
                exec chroot --userspec="$2:$2" "$1" /usr/bin/env -i HOME="$3" USER="$2" LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
                    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash /tmp/script
            """;
        return Programs.Run("unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", inside, "bash", root, user, home);
    }

    public void Dispose() => _d.Dispose();

    private string Bootstrap()
    {
        string release = Programs.Run("bash", "-c", ". /etc/os-release && printf %s \"$VERSION_CODENAME\"");
        string[] targets = Programs.Run("apt-get", "indextargets", "--format", "$(CODENAME) $(COMPONENT) $(SITE)", "Created-By: Packages")
            .Split('\n');
        string site = targets.Select(static t => t.Split(' ')).FirstOrDefault(t => t.Length == 3 && t[0] == release && t[1] == "main")?[2]
            ?? throw new IOException($"apt knows no place for {release} main");
        string root = Path.Combine(_d.Path, "base");
        string[] more = site.StartsWith("https:", StringComparison.Ordinal) ? ["--include=ca-certificates"] : [];
        Programs.Run("debootstrap", ["--variant=minbase", .. more, release, root, site]);
        // What this machine needs to get there, such as a proxy, holds there too.
        IEnumerable<string> settings = Programs.Run("apt-config", "dump").Split('\n').Where(static l =>
            l.StartsWith("Acquire::", StringComparison.Ordinal)
            && (l.Contains("roxy", StringComparison.Ordinal) || l.Contains("Check-", StringComparison.Ordinal)));
        File.WriteAllLines(Path.Combine(root, "etc/apt/apt.conf.d/99machine"), settings);
        return root;
    }
}
