using System.Globalization;

namespace Podsharp.Engine.System;

/// <summary>Our own version.</summary>
public static class EngineVersion
{
    public static string Text { get; } = typeof(EngineVersion).Assembly.GetName().Version is { } version ? version.ToString(3) : "0.0.0";

    /// <summary>When this version was released; remote clients refuse a server that cannot tell.</summary>
    public static DateTimeOffset Released { get; } = DateTimeOffset.Parse("2026-11-23T00:00:00Z", CultureInfo.InvariantCulture);
}
