using System.Text.Json;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Reference;
using Varve.Tests.Architecture;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Settings;

/// <summary>What is printed of the configuration: an example of everything, and a schema that agrees with the reader.</summary>
public sealed class ConfigSchemaTests
{
    // What a schema cannot know: what two places say together, and what a text means.
    private static readonly string[] s_meaning =
        ["there are two ", "there is no source named", "there is no repository named", "two sources are recorded",
        "does not lie in the source", "is not of the form", "is no time zone", "has no rule of what is kept", "wants a duration",
        "wants at least 16K"];

    private static readonly string s_documents = Path.Combine(SourceTree.Root(), "docs");

    [Theory]
    [InlineData("config.example.yaml")]
    [InlineData("config.schema.json")]
    public void What_the_documents_have_is_what_is_printed(string file)
    {
        string printed = file == "config.example.yaml" ? ConfigExample.Text : ConfigSchema.Text();
        Assert.Equal(printed, File.ReadAllText(Path.Combine(s_documents, file)));
    }

    [Fact]
    public void The_example_has_every_key_with_an_explanation()
    {
        ConfigFile config = ConfigParser.Parse("c", ConfigExample.Text, "/home/me");
        Assert.Empty(config.Wrong);
        string[] lines = ConfigExample.Text.Split('\n');
        foreach (string key in ConfigKeys.OfAll.Concat(ConfigKeys.OfSource).Concat(ConfigKeys.OfRoot).Concat(ConfigKeys.OfRepository)
            .Concat(ConfigKeys.OfProfile).Concat(ConfigKeys.OfDaemon).Append("all-data-in").Concat(ConfigKeys.OfRetention).Distinct())
        {
            int at = Array.FindIndex(lines, l => l.TrimStart(' ', '-').StartsWith(key + ":", StringComparison.Ordinal));
            Assert.True(at >= 0, $"'{key}' is not in the example");
            Assert.True(lines.Where((l, i) => i == at || i == at - 1 || l.TrimStart(' ', '-').StartsWith(key + ":", StringComparison.Ordinal))
                .Any(static l => l.Contains('#')), $"'{key}' is not explained");
        }
    }

    [Fact]
    public void What_the_schema_says_is_what_the_reader_says()
    {
        string here = Path.Combine(SourceTree.Root(), "tests/Varve.Tests/App/Settings/config-mutations.py");
        string[] lines = Programs.Run("python3", here, Path.Combine(s_documents, "config.schema.json"),
            Path.Combine(s_documents, "config.example.yaml")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int accepted = 0;
        foreach (string line in lines)
        {
            using var document = JsonDocument.Parse(line);
            JsonElement change = document.RootElement;
            bool isValid = change.GetProperty("valid").GetBoolean(), isScalar = change.GetProperty("scalar").GetBoolean();
            string text = change.GetProperty("text").GetString()!;
            string? error = Error(text);
            accepted += error is null ? 1 : 0;
            if (isValid && error is not null) { Assert.True(Array.Exists(s_meaning, m => error.Contains(m, StringComparison.Ordinal)), error); }
            if (!isValid && error is null) { Assert.True(isScalar, $"the schema refuses and the reader takes {text}"); }
        }

        Assert.InRange(accepted, lines.Length / 10, lines.Length - (lines.Length / 10));
    }

    private static string? Error(string text)
    {
        try { return ConfigParser.Parse("c", text, "/home/me") is { Wrong: [{ Error: { } first }, ..] } ? first.Message : null; }
        catch (VarveException e) { return e.Message; }
    }
}
