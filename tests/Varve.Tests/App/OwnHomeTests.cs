using Varve.App.Host;

namespace Varve.Tests.App;

/// <summary>Root's own files and the HOME of a user who became root.</summary>
public sealed class OwnHomeTests
{
    private const uint Root = 0, Ada = 54321;

    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/ada", ["PATH"] = "/bin" };
    private readonly Dictionary<string, uint> _owners = new() { ["/"] = Root, ["/home"] = Root, ["/home/ada"] = Ada, ["/root"] = Root };

    [Fact]
    public void Root_with_the_HOME_of_a_user_uses_its_own_and_says_so()
    {
        _environment["XDG_CACHE_HOME"] = "/home/ada/.cache"; // is not there yet
        _environment["XDG_CONFIG_HOME"] = "/root/config";
        OwnHome home = Of(Root);
        Assert.Equal("/root", home.Variable("HOME"));
        Assert.Null(home.Variable("XDG_CACHE_HOME"));
        Assert.Equal(("/root/config", "/bin"), (home.Variable("XDG_CONFIG_HOME"), home.Variable("PATH")));
        Assert.Equal("note: HOME is /home/ada, which belongs to user 54321, and root runs this: /root is used instead", home.Note);
    }

    [Fact]
    public void So_it_is_with_an_XDG_directory_alone()
    {
        _environment["HOME"] = "/root";
        _environment["XDG_DATA_HOME"] = "/home/ada/.local/share";
        OwnHome home = Of(Root);
        Assert.Equal("/root", home.Variable("HOME"));
        Assert.Null(home.Variable("XDG_DATA_HOME"));
        Assert.StartsWith("note: XDG_DATA_HOME is /home/ada/.local/share", home.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_has_the_HOME_he_says_whoever_owns_it_and_root_its_own_wherever_it_is()
    {
        OwnHome user = Of(Ada + 1);
        Assert.Equal(("/home/ada", null), (user.Variable("HOME"), user.Note));
        _environment["HOME"] = "/srv/root/home";
        OwnHome root = Of(Root);
        Assert.Equal(("/srv/root/home", null), (root.Variable("HOME"), root.Note));
        _environment.Remove("HOME");
        root = Of(Root);
        Assert.Equal((null, null), (root.Variable("HOME"), root.Note));
    }

    private OwnHome Of(uint user) => new(user, _environment.GetValueOrDefault,
        path => _owners.TryGetValue(path, out uint owner) ? owner : null, static user => user == Root ? "/root" : null);
}
