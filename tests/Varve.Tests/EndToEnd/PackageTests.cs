using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Varve.Tests.Architecture;
using Varve.Tests.Kit;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// The library as a package: what it says of itself, and a program that has nothing else of Varve (tests/Varve.Consumer).
/// </summary>
[Trait("Takes", "minutes")]
public sealed class PackageTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_program_with_the_package_alone_backs_up_lists_reads_and_restores()
    {
        Pack();
        CopyConsumer();
        string project = At("consumer/Varve.Consumer.csproj");
        Dotnet("build", project, "-c", "Release", "-o", At("built"));
        string said = Dotnet(At("built/Varve.Consumer.dll"), Directory.CreateDirectory(At("work")).FullName);
        Assert.Equal("a local repository: done\nan error: Repository\na store of its own: done\n", said);
    }

    [Fact]
    public void The_package_says_what_it_is()
    {
        using ZipArchive package = ZipFile.OpenRead(Pack());
        string[] files = [.. package.Entries.Select(static e => e.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/Varve.Core.dll", files);
        Assert.Contains("lib/net10.0/Varve.Core.xml", files);
        using Stream nuspec = package.GetEntry("Varve.Core.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().First();
        string Say(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
        Assert.Equal(("Varve.Core", "Apache-2.0", "README.md"), (Say("id"), Say("license"), Say("readme")));
        Assert.All(["version", "authors", "description", "tags"], name => Assert.NotEqual("", Say(name)));
        Assert.NotEqual("Package Description", Say("description"));
        Assert.Equal(["SQLitePCLRaw.bundle_e_sqlite3", "System.IO.Hashing"],
            metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value));
    }

    /// <summary>Packs the library that these tests run with; no source and no network is needed.</summary>
    private string Pack()
    {
        string project = Path.Combine(SourceTree.Root(), "src", "Varve", "Varve.csproj");
        Dotnet("pack", project, "-c", "Debug", "--no-build", "-o", At("feed"));
        return Directory.GetFiles(At("feed"), "*.nupkg").Single();
    }

    /// <summary>Out of the repository, so that nothing of it reaches the program: no props, no versions, no lock file.</summary>
    private void CopyConsumer()
    {
        Directory.CreateDirectory(At("consumer"));
        foreach (string path in Directory.GetFiles(Path.Combine(SourceTree.Root(), "tests", "Varve.Consumer")))
        {
            File.Copy(path, Path.Combine(At("consumer"), Path.GetFileName(path)));
        }

        // The package is taken from the feed into a folder of the test's own; what it depends on was restored before, for the tests.
        string restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(At("consumer/nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{At("packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{At("feed")}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{restored}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    private string At(string path) => Path.Combine(_scratch.Path, path);

    private string Dotnet(params string[] arguments)
    {
        string dotnet = Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(dotnet, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = _scratch.Path
        };
        string home = Directory.CreateDirectory(At("home")).FullName;
        foreach (string name in (string[])["HOME", "DOTNET_CLI_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"])
        {
            start.Environment[name] = home;
        }
        start.Environment.Remove("NUGET_PACKAGES");
        foreach (string name in (string[])["DOTNET_NOLOGO", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_SKIP_FIRST_TIME_EXPERIENCE",
            "MSBUILDDISABLENODEREUSE"])
        {
            start.Environment[name] = "1";
        }

        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false"; // no compiler may outlive the test
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{output}\n{errors.Result}");
        return output;
    }
}
