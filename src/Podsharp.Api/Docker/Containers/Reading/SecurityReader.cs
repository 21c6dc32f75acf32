using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Capabilities and security options are checked by the engine, which knows the machine; here they are only passed on.</summary>
internal static class SecurityReader
{
    public static SecuritySpec Read(HostConfig host)
    {
        if (host.OomScoreAdj is < -1000 or > 1000)
            throw EngineException.InvalidInput($"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        return new SecuritySpec
        {
            Privileged = host.Privileged,
            AddCapabilities = host.CapAdd ?? [],
            DropCapabilities = host.CapDrop ?? [],
            Options = host.SecurityOpt ?? [],
            ReadOnlyRoot = host.ReadonlyRootfs,
            MaskedPaths = Absolute(host.MaskedPaths, nameof(host.MaskedPaths)),
            ReadOnlyPaths = Absolute(host.ReadonlyPaths, nameof(host.ReadonlyPaths)),
            AdditionalGroups = host.GroupAdd ?? [],
            OomScoreAdjust = host.OomScoreAdj == 0 ? null : host.OomScoreAdj,
        };
    }

    private static IReadOnlyList<string>? Absolute(IReadOnlyList<string>? paths, string name)
    {
        foreach (var path in paths ?? [])
        {
            if (!path.StartsWith('/')) throw EngineException.InvalidInput($"invalid {name}: '{path}' must be an absolute path");
        }

        return paths;
    }
}
