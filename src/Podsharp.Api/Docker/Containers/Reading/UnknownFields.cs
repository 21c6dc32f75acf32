using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>
/// Refuses, by name, what a body asks for and this engine does not know; Docker would ignore it. Zero values ask for nothing: clients
/// send many for other platforms and older versions.
/// </summary>
internal static class UnknownFields
{
    /// <param name="said">Names, in any case, that say again what the request says elsewhere.</param>
    public static void Refuse(CreateBody body, params ReadOnlySpan<string> said)
    {
        Refuse(body, "", said);
        Refuse(body.Healthcheck, "Healthcheck.");
        if (body.HostConfig is { } host) Refuse(host);
        if (body.NetworkingConfig is not { } networking) return;
        Refuse(networking, "NetworkingConfig.");
        foreach (var (name, endpoint) in networking.EndpointsConfig ?? Empty) Refuse(endpoint, $"NetworkingConfig.EndpointsConfig.{name}.");
    }

    /// <summary>For an endpoint outside a create body (network connect).</summary>
    public static void Refuse(EndpointSettings? endpoint, string prefix)
    {
        Refuse((AskedObject?)endpoint, prefix);
        Refuse(endpoint?.IpamConfig, prefix + "IPAMConfig.");
    }

    /// <param name="said">Names, in any case, that say again what the request says elsewhere.</param>
    public static void Refuse(AskedObject? asked, string prefix, params ReadOnlySpan<string> said)
    {
        foreach (var (name, value) in asked?.Unknown ?? [])
        {
            if (!said.Contains(name, StringComparer.OrdinalIgnoreCase) && !IsZero(value)) throw EngineException.InvalidInput($"unknown field {prefix}{name}: this engine does not know it and will not ignore it");
        }
    }

    private static readonly Dictionary<string, EndpointSettings?> Empty = [];

    private static void Refuse(HostConfig host)
    {
        const string prefix = "HostConfig.";
        Refuse(host, prefix);
        Refuse(host.LogConfig, prefix + "LogConfig.");
        Refuse(host.RestartPolicy, prefix + "RestartPolicy.");
        foreach (var binding in (host.PortBindings ?? NoBindings).Values.SelectMany(list => list ?? [])) Refuse(binding, prefix + "PortBindings.");
        RefuseEach(host.BlkioWeightDevice, prefix + "BlkioWeightDevice.");
        RefuseEach(host.BlkioDeviceReadBps, prefix + "BlkioDeviceReadBps.");
        RefuseEach(host.BlkioDeviceWriteBps, prefix + "BlkioDeviceWriteBps.");
        RefuseEach(host.BlkioDeviceReadIops, prefix + "BlkioDeviceReadIOps.");
        RefuseEach(host.BlkioDeviceWriteIops, prefix + "BlkioDeviceWriteIOps.");
        RefuseEach(host.Devices, prefix + "Devices.");
        RefuseEach(host.DeviceRequests, prefix + "DeviceRequests.");
        RefuseEach(host.Ulimits, prefix + "Ulimits.");
        foreach (var mount in host.Mounts ?? []) Refuse(mount);
    }

    private static readonly Dictionary<string, IReadOnlyList<PortBinding?>?> NoBindings = [];

    private static void Refuse(Mount? mount)
    {
        const string prefix = "HostConfig.Mounts.";
        Refuse((AskedObject?)mount, prefix);
        Refuse(mount?.BindOptions, prefix + "BindOptions.");
        Refuse(mount?.VolumeOptions, prefix + "VolumeOptions.");
        Refuse(mount?.VolumeOptions?.DriverConfig, prefix + "VolumeOptions.DriverConfig.");
        Refuse(mount?.ImageOptions, prefix + "ImageOptions.");
        Refuse(mount?.TmpfsOptions, prefix + "TmpfsOptions.");
    }

    private static void RefuseEach(IEnumerable<AskedObject?>? list, string prefix)
    {
        foreach (var item in list ?? []) Refuse(item, prefix);
    }

    public static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        _ => false,
    };
}
