using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Resource limits of the process (getrlimit(2)). Defaults are clamped to what may be set; what was asked for was checked at creation.</summary>
internal static class LimitPart
{
    private static readonly HashSet<string> Known =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack", "as",
    ];

    public static IReadOnlyList<RuntimeRlimit>? Build(IReadOnlyList<UserLimit> asked, EngineOptions options, HostFacts host)
    {
        var limits = new List<RuntimeRlimit>();
        foreach (var limit in asked) limits.Add(Rlimit(limit));
        foreach (var limit in options.DefaultLimits)
            if (!asked.Any(other => other.Name == limit.Name)) limits.Add(Rlimit(Clamped(limit, host)));
        return limits.Count == 0 ? null : limits;
    }

    public static void Validate(IReadOnlyList<UserLimit> asked, HostFacts host)
    {
        foreach (var limit in asked)
        {
            if (!Known.Contains(limit.Name)) throw EngineException.InvalidInput($"invalid ulimit type: {limit.Name}");
            if (Unsigned(limit.Soft) > Unsigned(limit.Hard))
                throw EngineException.InvalidInput($"ulimit soft limit must be less than or equal to hard limit: {limit.Soft} > {limit.Hard}");
            if (!host.MayRaiseLimits && HardOf(limit.Name, host) is { } hard && Unsigned(limit.Hard) > Unsigned(hard))
                throw EngineException.InvalidInput(
                    $"ulimit {limit.Name}={limit.Soft}:{limit.Hard} is above this service's own hard limit of {hard}, which it may not raise (no CAP_SYS_RESOURCE)");
        }
    }

    private static UserLimit Clamped(UserLimit limit, HostFacts host)
    {
        if (host.MayRaiseLimits || HardOf(limit.Name, host) is not { } hard || Unsigned(limit.Hard) <= Unsigned(hard)) return limit;
        return limit with { Hard = hard, Soft = Unsigned(limit.Soft) > Unsigned(hard) ? hard : limit.Soft };
    }

    private static long? HardOf(string name, HostFacts host)
    {
        foreach (var limit in host.Limits)
            if (limit.Name == name) return limit.Hard;
        return null;
    }

    private static RuntimeRlimit Rlimit(UserLimit limit) =>
        new("RLIMIT_" + limit.Name.ToUpperInvariant(), Unsigned(limit.Hard), Unsigned(limit.Soft));

    private static ulong Unsigned(long value) => value < 0 ? ulong.MaxValue : (ulong)value;
}
