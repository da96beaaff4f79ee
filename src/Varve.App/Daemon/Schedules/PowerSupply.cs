namespace Varve.App.Daemon.Schedules;

/// <summary>Whether the machine runs on its battery, as Linux tells it (sysfs-class-power).</summary>
internal static class PowerSupply
{
    internal const string Place = "/sys/class/power_supply";

    /// <summary>
    /// True if nothing that gives power from outside is there and a battery of the machine is being emptied. What cannot be told is no
    /// battery: a backup that is never made is worse than one that costs power.
    /// </summary>
    internal static bool IsBattery(string place = Place)
    {
        bool isDischarging = false;
        try
        {
            if (!Directory.Exists(place)) { return false; }
            foreach (string supply in Directory.EnumerateDirectories(place))
            {
                string type = Read(supply, "type");
                if (type is "Mains" or "USB" or "Wireless" && Read(supply, "online") == "1") { return false; }
                // That of a mouse says so.
                isDischarging |= type == "Battery" && Read(supply, "scope") != "Device" && Read(supply, "status") == "Discharging";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }

        return isDischarging;
    }

    private static string Read(string supply, string name)
    {
        try { return File.ReadAllText(Path.Combine(supply, name)).Trim(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }
}
