using System.Globalization;
using System.Text;

namespace Varve.Platform.Files;

/// <summary>Users in messages.</summary>
internal static class UserText
{
    /// <summary>"user 1000 (ada)"; of a number without a name "user 12345".</summary>
    internal static string Of(uint user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        return new OwnerNames().User(user) is { } name ? $"user {number} ({Encoding.UTF8.GetString(name)})" : "user " + number;
    }
}
