using System.Text;
using Varve.Platform.Files;

namespace Varve.Tests.Platform;

public sealed class OwnerNamesTests
{
    private readonly OwnerNames _names = new();

    [Fact]
    public void Every_account_of_the_system_is_found()
    {
        foreach (string line in File.ReadLines("/etc/passwd").Where(l => l.Contains(':')))
        {
            Assert.Equal(line.Split(':')[0], Encoding.UTF8.GetString(_names.User(uint.Parse(line.Split(':')[2]))!));
        }

        Assert.Equal("root"u8.ToArray(), _names.User(0));
        Assert.Equal("root"u8.ToArray(), _names.Group(0));
    }

    [Fact]
    public void What_has_no_name_is_null_and_stays_null()
    {
        for (int i = 0; i < 2; i++)
        {
            Assert.Null(_names.User(3_999_999_999));
            Assert.Null(_names.Group(3_999_999_999));
        }
    }

    [Fact]
    public void A_second_look_up_is_the_same_array() => Assert.Same(_names.User(0), _names.User(0));

    [Fact]
    public void Threads_agree() => Parallel.For(0, 2000, i =>
    {
        Assert.Equal("root"u8.ToArray(), _names.User(0));
        Assert.Null(_names.User((uint)(3_000_000_000 + i % 100)));
    });
}
