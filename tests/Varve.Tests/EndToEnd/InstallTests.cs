using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// What <c>eng/package</c> makes: installed in a clean Debian without .NET, it backs up and restores for an ordinary user.
/// </summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class InstallTests(Chroot chroot, Packages packages) : IDisposable, IClassFixture<Chroot>, IClassFixture<Packages>
{
    private const string Use = """
        ! command -v dotnet
        mkdir -p Documents/letters
        echo 'Dear Charles,' >Documents/letters/babbage.txt
        ln Documents/letters/babbage.txt Documents/again
        head -c 3000000 /dev/urandom >Documents/photo
        varve backup Documents
        varve check --read-data
        varve restore latest --target restored
        diff -r Documents restored
        test "$(varve dump latest letters/babbage.txt)" = 'Dear Charles,'
        varve complete snapshot-paths -- dump latest:letters/ | grep -q babbage
        echo all of it came back
        """;

    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void The_deb_is_installed_used_by_an_ordinary_user_and_removed()
    {
        Assert.SkipUnless(ZooPosix.IsRoot, "needs root");
        string root = chroot.Fresh("deb");
        File.Copy(packages.Deb, Path.Combine(root, "tmp/varve.deb"));
        Chroot.Run(root, "root", "apt-get update -qq; apt-get install -y --no-install-recommends /tmp/varve.deb; varve --version");
        Assert.Contains("all of it came back", Chroot.Run(root, "ada", Use), StringComparison.Ordinal);
        string files = Chroot.Run(root, "root", "dpkg -L varve; dpkg --verify varve");
        string[] expected =
        [
            "/usr/bin/varve", "/usr/share/man/man1/varve.1.gz", "/usr/share/man/man1/varve-backup.1.gz",
            "/usr/share/bash-completion/completions/varve", "/usr/share/zsh/vendor-completions/_varve",
            "/usr/share/fish/vendor_completions.d/varve.fish", "/usr/share/doc/varve/copyright", "/usr/share/doc/varve/changelog.gz",
            "/usr/share/doc/varve/changelog.Debian.gz", "/usr/share/doc/varve/README.md",
        ];
        Assert.All(expected, f => Assert.Contains(f + "\n", files, StringComparison.Ordinal));
        Chroot.Run(root, "root", "apt-get purge -y varve; ! command -v varve; ! test -e /usr/share/doc/varve; ! test -e /usr/lib/varve");
        Assert.True(File.Exists(Path.Combine(root, "home/ada/.config/varve/key")));
    }

    [Fact]
    public void The_tarball_is_unpacked_into_a_prefix_and_used_by_an_ordinary_user()
    {
        Assert.SkipUnless(ZooPosix.IsRoot, "needs root");
        string root = chroot.Fresh("tarball");
        File.Copy(packages.Tarball, Path.Combine(root, "tmp/varve.tar.gz"));
        Chroot.Run(root, "root", """
            apt-get update -qq; apt-get install -y --no-install-recommends libssl3 libzstd1
            tar -xzf /tmp/varve.tar.gz --strip-components=1 -C /usr/local
            cd /usr/local && sha256sum --check --quiet share/doc/varve/SHA256SUMS
            test "$(stat -c %U:%G /usr/local/lib/varve/varve)" = root:root
            gzip -dc share/man/man1/varve-restore.1.gz | grep -q target
            """);
        Assert.Contains("all of it came back", Chroot.Run(root, "ada", Use), StringComparison.Ordinal);
        // Or for one user alone, who is not root.
        Chroot.Run(root, "root", "xargs -d '\\n' rm < <(cd /usr/local; cut -c67- share/doc/varve/SHA256SUMS | sed 's:^:/usr/local/:')");
        Chroot.Run(root, "ada", """
            mkdir -p ~/.local && tar -xzf /tmp/varve.tar.gz --strip-components=1 -C ~/.local
            ~/.local/bin/varve check
            """);
    }

    [Fact]
    public void The_same_program_is_packed_into_the_same_bytes()
    {
        Packages.Make(At("again"), "linux-x64", VarveProcess.Program);
        string sums = File.ReadAllText(At("again/SHA256SUMS"));
        Assert.Equal(2, sums.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(File.ReadAllText(Path.Combine(packages.Folder, "SHA256SUMS")), sums);
        Assert.Equal("", Programs.Run("bash", "-c", $"cd {At("again")} && sha256sum --check --quiet SHA256SUMS"));
        string listed = Programs.Run("tar", "-tvzf", packages.Tarball);
        Assert.All(listed.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            static l => Assert.Contains(" 0/0 ", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Lintian_finds_nothing_but_what_is_meant()
    {
        Shells.Needs("lintian");
        string said = Programs.Run("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags",
            string.Join(',', s_meant), packages.Deb);
        Assert.DoesNotContain("E: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_packed_for_arm64_is_for_arm64()
    {
        Packages.Make(At("out"), "linux-arm64");
        Assert.Equal("arm64", Programs.Run("dpkg-deb", "--field", Single("*_arm64.deb"), "Architecture").Trim());
        Programs.Run("dpkg-deb", "--extract", Single("*_arm64.deb"), At("tree"));
        foreach (string file in (string[])["varve", "libe_sqlite3.so"])
        {
            Assert.Matches("Machine: +AArch64", Programs.Run("readelf", "-h", At("tree/usr/lib/varve/" + file)));
        }

        string listed = Programs.Run("tar", "-tzf", Single("*-linux-arm64.tar.gz"));
        Assert.Contains("/share/man/man1/varve.1.gz\n", listed, StringComparison.Ordinal);
    }

    /// <summary>Of lintian's tags, with the reason for each.</summary>
    private static readonly string[] s_meant =
    [
        "initial-upload-closes-no-bugs", // it is no upload to Debian
        "bogus-mail-host", // nobody maintains the package under a name of his own until DEBEMAIL says so
        "hardening-no-pie", // a fixed address is what makes it start four times as fast: decision 0080
        "unstripped-binary-or-object", // SQLite comes as its authors built it for .NET
        "embedded-library", // the runtime carries zlib, and SQLite is that copy
    ];

    private string Single(string pattern) => Assert.Single(Directory.GetFiles(At("out"), pattern));

    private string At(string path) => Path.Combine(_d.Path, path);
}
