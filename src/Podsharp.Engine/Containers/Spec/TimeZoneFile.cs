namespace Podsharp.Engine.Containers.Spec;

/// <summary>The host's file of a time zone.</summary>
public static class TimeZoneFile
{
    private const string Database = "/usr/share/zoneinfo";

    /// <param name="zone">Area/City, or "local" for the host's own.</param>
    /// <returns>Null when there is no such zone here.</returns>
    public static string? PathOf(string zone)
    {
        if (zone == "local") return File.Exists("/etc/localtime") ? "/etc/localtime" : null;
        var path = Path.GetFullPath(Path.Join(Database, zone));
        return path.StartsWith(Database + "/", StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }
}
