using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>A create body as it was meant in the API version of its client: the defaults of that time, and no options of a mount that came later.</summary>
internal static class OlderVersions
{
    public static HostConfig Adapt(HostConfig host, ApiVersion version)
    {
        foreach (var mount in host.Mounts ?? [])
        {
            if (mount is not null) Adapt(mount, version);
            Need(version, 44, "BindOptions.ReadOnlyForceRecursive", mount?.BindOptions?.ReadOnlyForceRecursive == true);
            Need(version, 45, "VolumeOptions.Subpath", mount?.VolumeOptions?.Subpath is { Length: > 0 });
        }

        return host with
        {
            // It was the client who removed a container at its end.
            AutoRemove = host.AutoRemove && version.AtLeast(1, 25),
            // There was no namespace that a container has for itself alone: clients count on sharing it.
            IpcMode = host.IpcMode.Length == 0 && !version.AtLeast(1, 40) ? "shareable" : host.IpcMode,
            // Clients said it, and it had an effect on Windows only.
            ConsoleSize = version.AtLeast(1, 42) ? host.ConsoleSize : null,
            Annotations = version.AtLeast(1, 43) ? host.Annotations : null,
        };
    }

    /// <summary>Null: any. A client of before could not ask, and what it sent was not looked at.</summary>
    public static string? Platform(string asked, ApiVersion version) => asked.Length > 0 && version.AtLeast(1, 41) ? asked : null;

    public static HealthConfig? Adapt(HealthConfig? health, ApiVersion version) =>
        health is null || version.AtLeast(1, 44) ? health : health with { StartInterval = 0 };

    private static void Adapt(Mount mount, ApiVersion version)
    {
        if (mount.BindOptions is { } bind)
        {
            bind.NonRecursive &= version.AtLeast(1, 40);
            bind.CreateMountpoint &= version.AtLeast(1, 42);
        }

        if (version.AtLeast(1, 42)) return;
        // What belongs to another type was not looked at, but for a bind mount's.
        if (mount.Type == "tmpfs") mount.VolumeOptions = null;
        else mount.TmpfsOptions = null;
    }

    private static void Need(ApiVersion version, int minor, string name, bool asked)
    {
        if (asked && !version.AtLeast(1, minor)) throw EngineException.InvalidInput($"{name} needs API v1.{minor} or newer");
    }
}
