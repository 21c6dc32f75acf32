using System.Globalization;
using System.Text.Json;
using Podsharp.Core.Storage;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class PathStatWriter
{
    public const string Header = "X-Docker-Container-Path-Stat";

    public static string ToHeader(PathFacts facts) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(ToStat(facts), ContainerJson.Default.PathStat));

    internal static PathStat ToStat(PathFacts facts) => new(
        facts.Name,
        facts.Size,
        GoMode(facts),
        GoTime(facts.ModifiedSeconds, facts.ModifiedNanoseconds),
        facts.Form == PathForm.SymbolicLink ? facts.Target : "");

    // Go's fs.FileMode: d, L, D, p, S, u, g, c, t from bit 31 down, with unused bits between.
    private static uint GoMode(PathFacts facts)
    {
        uint form = facts.Form switch
        {
            PathForm.Directory => 1u << 31,
            PathForm.SymbolicLink => 1u << 27,
            PathForm.BlockDevice => 1u << 26,
            PathForm.CharacterDevice => (1u << 26) | (1u << 21),
            PathForm.Pipe => 1u << 25,
            PathForm.Socket => 1u << 24,
            _ => 0u,
        };
        return form | (uint)(facts.Mode & 0x1ff) | Bit(facts.Mode, 0x800, 23) | Bit(facts.Mode, 0x400, 22) | Bit(facts.Mode, 0x200, 20);
    }

    private static uint Bit(int mode, int bit, int place) => (mode & bit) != 0 ? 1u << place : 0;

    private static string GoTime(long seconds, uint nanoseconds)
    {
        // What is beyond the calendar of this time type is beyond what anybody reads.
        var second = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, -62_135_596_800, 253_402_300_799)).UtcDateTime;
        var fraction = nanoseconds == 0 ? "" : "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return second.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z";
    }
}
