namespace Varve.App.Settings.Table;

/// <summary>An option without a value: there or not.</summary>
internal sealed class FlagSetting : Setting;
