using System.Text;
using Varve.App.Settings.Configuration;

namespace Varve.Fuzz.Targets;

/// <summary>The configuration.</summary>
internal sealed class ConfigurationTarget : IFuzzTarget
{
    public string Name => "configuration";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. ((string[])["sources:\n", "  - name: ", "    roots:\n", "      - ", "path: ", "as: /", "exclude: ['*']", "tag: [a]", "one-file-system: true",
            "ignore-inode: ", "fs-snapshot: auto", "\n", "  ", "{", "}", "[", "]", ": ", "- ", "&a ", "*a", "!!str ", "|\n", ">\n", "\"", "'", "---\n",
            "...\n", "%YAML 1.1\n", "? ", "#", "\t", "<<: ", "~"]).Select(Encoding.UTF8.GetBytes),
    ];

    public IEnumerable<byte[]> Seeds()
    {
        yield return "sources:\n  - name: a\n    roots: [/x]\n"u8.ToArray();
        yield return """
            fs-snapshot: auto
            sources:
              - name: home
                as: /home
                roots:
                  - /mnt/snap/home
                  - path: /mnt/photos
                    as: /home/photos
                exclude: ['*.o']
                tag: [nightly]
                one-file-system: true
                fs-snapshot: none
            """u8.ToArray();
        yield return "{sources: [{name: \"a\", roots: ['/b']}]}"u8.ToArray();
    }

    public void Run(ReadOnlySpan<byte> input) => ConfigParser.Parse("file", Encoding.UTF8.GetString(input));
}
