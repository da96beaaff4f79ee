using Varve.App.Settings.Resolved;
using Varve.App.Settings.Values;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Settings;

public sealed class GlobalOptionsTests
{
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/me" };

    private GlobalOptions Resolve(params string[] args) =>
        GlobalOptions.Resolve(Typed.Line(["snapshots", .. args]), _environment.GetValueOrDefault);

    [Fact]
    public void Defaults_lie_below_the_home_directory()
    {
        GlobalOptions options = Resolve();
        Assert.Equal("/home/me/.local/share/varve/repository", options.Repository);
        Assert.True(options.IsDefaultRepository);
        Assert.Equal("/home/me/.config/varve/key", options.DefaultKeyFile);
        Assert.Equal("/home/me/.cache/varve", options.CacheRoot);
        Assert.Null(options.Credential);
    }

    [Fact]
    public void Xdg_directories_move_the_defaults_and_relative_ones_are_ignored()
    {
        _environment["XDG_DATA_HOME"] = "/d";
        _environment["XDG_CONFIG_HOME"] = "/c";
        _environment["XDG_CACHE_HOME"] = "relative";
        GlobalOptions options = Resolve();
        Assert.Equal("/d/varve/repository", options.Repository);
        Assert.Equal("/c/varve/key", options.DefaultKeyFile);
        Assert.Equal("/home/me/.cache/varve", options.CacheRoot);
    }

    [Fact]
    public void What_systemd_hands_over_is_tried_after_what_variables_name()
    {
        using var d = new ScratchDirectory();
        _environment["CREDENTIALS_DIRECTORY"] = d.Path;
        Assert.Empty(Resolve().FromEnvironment);
        foreach (string name in (string[])["varve.password", "varve.key", "other"]) { File.WriteAllText(Path.Combine(d.Path, name), "x"); }
        _environment["VARVE_PASSWORD"] = "secret";
        Assert.Equal([(CredentialKind.Password, "secret"), (CredentialKind.PasswordFile, d.Path + "/varve.password"),
            (CredentialKind.KeyFile, d.Path + "/varve.key")], Resolve().FromEnvironment.Select(static s => (s.Kind, s.Value)));
    }

    [Fact]
    public void An_option_wins_over_a_variable_and_a_variable_over_the_default()
    {
        _environment["VARVE_REPO"] = "/from/variable";
        _environment["VARVE_CACHE_DIR"] = "/cache/variable";
        Assert.Equal("/from/variable", Resolve().Repository);
        Assert.False(Resolve().IsDefaultRepository);
        Assert.Equal("/cache/variable", Resolve().CacheRoot);
        GlobalOptions options = Resolve("--repo", "/from/option", "--cache-dir", "/cache/option");
        Assert.Equal("/from/option", options.Repository);
        Assert.Equal("/cache/option", options.CacheRoot);
    }

    [Fact]
    public void Limits_of_rate_come_from_the_option_or_else_the_configuration_and_a_directory_has_none()
    {
        using var d = new ScratchDirectory();
        string config = Path.Combine(d.Path, "config.yaml");
        File.WriteAllText(config, "repositories: [{name: far, address: 's3://far-away/x', limit-upload: 2M, limit-download: 100000}]\n");
        RepositoryLocation place = Resolve("--config", config, "-r", "far", "--limit-download", "50K").Location;
        Assert.Equal((2 << 20, 50 << 10), (place.UploadLimit, place.DownloadLimit));
        place = Resolve("-r", "ssh://host/x", "--limit-upload", "0.5M").Location;
        Assert.Equal((512 << 10, null), (place.UploadLimit, place.DownloadLimit));

        VarveException e = Assert.Throws<VarveException>(() => Resolve("-r", "/srv/x", "--limit-upload", "2M"));
        Assert.Contains("'/srv/x' is a directory", e.ToString());
        e = Assert.Throws<VarveException>(() => Resolve("-r", "ssh://host/x", "--limit-upload", "2K"));
        Assert.Contains("at least 16K", e.ToString());
        File.WriteAllText(config, "repositories: [{name: near, address: /srv/x, limit-upload: 2M}]\n");
        e = Assert.Throws<VarveException>(() => Resolve("--config", config, "-r", "near"));
        Assert.Contains("'/srv/x' is a directory", e.ToString());
    }

    [Fact]
    public void An_empty_variable_counts_as_unset()
    {
        _environment["VARVE_REPO"] = "";
        _environment["VARVE_PASSWORD"] = "";
        Assert.True(Resolve().IsDefaultRepository);
        Assert.Null(Resolve().Credential);
        Assert.Empty(Resolve().FromEnvironment);
    }

    [Fact]
    public void A_credential_option_wins_over_the_variables()
    {
        _environment["VARVE_PASSWORD"] = "secret";
        Assert.Null(Resolve().Credential);
        Assert.Equal(new CredentialSource(CredentialKind.Password, "secret", "VARVE_PASSWORD"), Assert.Single(Resolve().FromEnvironment));
        Assert.Equal(new CredentialSource(CredentialKind.KeyFile, "/k", "--key-file"), Resolve("--key-file", "/k").Credential);
        Assert.Equal(CredentialKind.PasswordCommand, Resolve("--password-command", "pass").Credential!.Kind);
    }

    [Fact]
    public void Two_credential_options_contradict_each_other_and_variables_only_where_a_first_key_is_made()
    {
        Assert.Throws<VarveException>(() => Resolve("--password-file", "a", "--password-command", "b"));
        _environment["VARVE_PASSWORD"] = "secret";
        _environment["VARVE_KEY_FILE"] = "/k";
        GlobalOptions options = Resolve();
        var error = Assert.Throws<VarveException>(() => options.ForCreation);
        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains("VARVE_PASSWORD and VARVE_KEY_FILE", error.Message);
        Assert.Equal("--key-file", Resolve("--key-file", "/k").ForCreation!.Origin);
    }

    [Fact]
    public void The_environment_s_credentials_are_tried_in_one_order()
    {
        _environment["VARVE_KEY_FILE"] = "/k";
        _environment["VARVE_PASSWORD_COMMAND"] = "pass";
        _environment["VARVE_PASSWORD_FILE"] = "/p";
        _environment["VARVE_PASSWORD"] = "secret";
        Assert.Equal(
            [(CredentialKind.Password, "secret", "VARVE_PASSWORD"), (CredentialKind.PasswordFile, "/p", "VARVE_PASSWORD_FILE"),
            (CredentialKind.PasswordCommand, "pass", "VARVE_PASSWORD_COMMAND"), (CredentialKind.KeyFile, "/k", "VARVE_KEY_FILE")],
            Resolve().FromEnvironment.Select(static s => (s.Kind, s.Value, s.Origin)));
    }

    [Fact]
    public void A_home_is_needed_only_for_the_defaults()
    {
        _environment.Clear();
        Assert.Throws<VarveException>(() => Resolve());
        GlobalOptions options = Resolve("--repo", "/r", "--cache-dir", "/c");
        Assert.Null(options.DefaultKeyFile);
    }

    [Fact]
    public void A_password_does_not_show_in_the_source_s_text() =>
        Assert.DoesNotContain("secret", new CredentialSource(CredentialKind.Password, "secret", "VARVE_PASSWORD").ToString());
}
