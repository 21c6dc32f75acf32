using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Known fields that mean nothing on Linux (refused as wrong), or that this engine cannot do (refused as not supported).</summary>
internal static class UnsupportedFields
{
    public static void Refuse(HostConfig host)
    {
        if (host.Isolation is not ("" or "default"))
            throw EngineException.InvalidInput($"Invalid isolation: \"{host.Isolation}\" - linux only supports 'default'");
        OnlyWindows(nameof(host.CpuCount), host.CpuCount != 0);
        OnlyWindows(nameof(host.CpuPercent), host.CpuPercent != 0);
        OnlyWindows("IOMaximumIOps", host.IOMaximumIops != 0);
        OnlyWindows(nameof(host.IOMaximumBandwidth), host.IOMaximumBandwidth != 0);

        NotHere(nameof(host.StorageOpt), host.StorageOpt is { Count: > 0 }, "the size of a container's own files cannot be limited here");
        NotHere(nameof(host.VolumeDriver), host.VolumeDriver is not ("" or "local"), "only the driver local is there");
        NotHere(nameof(host.UsernsMode), host.UsernsMode is not ("" or "host"), "only host is there");
        NotHere(nameof(host.Cgroup), host.Cgroup.Length > 0, "use CgroupParent instead");
    }

    private static void OnlyWindows(string name, bool asked)
    {
        if (asked) throw EngineException.InvalidInput($"HostConfig.{name} is for Windows containers: linux does not support it");
    }

    private static void NotHere(string name, bool asked, string advice)
    {
        if (asked) throw EngineException.NotSupported($"HostConfig.{name} is not supported by this engine: {advice}");
    }
}
