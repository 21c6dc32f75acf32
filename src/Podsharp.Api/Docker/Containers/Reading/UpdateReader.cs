using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Update;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Reads the body of an update: the resources and the restart policy of a HostConfig, and nothing else of it.</summary>
internal static class UpdateReader
{
    public static UpdateContainerRequest Read(string container, HostConfig body, ApiVersion version, List<string> warnings)
    {
        UnknownFields.Refuse(body, "");
        if (Rest(body) != new HostConfig())
            throw EngineException.InvalidInput("only memory, processor, cpuset, pids and blkio weight limits and the restart policy can be updated: another field is set");
        var policy = body.RestartPolicy is { Name.Length: > 0 } ? RestartReader.Read(body) : null;
        return new UpdateContainerRequest(container, Limits(body, version, warnings), policy);
    }

    // A change to 0 takes the limit away. Before 1.40 clients had no word for "as it is", and sent 0.
    private static ResourceLimits Limits(HostConfig body, ApiVersion version, List<string> warnings)
    {
        var limits = ResourceReader.Read(body, warnings, isChange: true);
        return body.PidsLimit is 0 && version.AtLeast(1, 40) ? limits with { PidsLimit = -1 } : limits;
    }

    private static HostConfig Rest(HostConfig body) => body with
    {
        Memory = 0,
        MemorySwap = 0,
        MemoryReservation = 0,
        CpuShares = 0,
        NanoCpus = 0,
        CpuPeriod = 0,
        CpuQuota = 0,
        CpuRealtimePeriod = 0,
        CpuRealtimeRuntime = 0,
        CpusetCpus = "",
        CpusetMems = "",
        PidsLimit = null,
        BlkioWeight = 0,
        RestartPolicy = null,
        Unknown = null,
        // Sent empty by clients.
        BlkioWeightDevice = Absent(body.BlkioWeightDevice),
        BlkioDeviceReadBps = Absent(body.BlkioDeviceReadBps),
        BlkioDeviceWriteBps = Absent(body.BlkioDeviceWriteBps),
        BlkioDeviceReadIops = Absent(body.BlkioDeviceReadIops),
        BlkioDeviceWriteIops = Absent(body.BlkioDeviceWriteIops),
        Devices = Absent(body.Devices),
        DeviceCgroupRules = Absent(body.DeviceCgroupRules),
        DeviceRequests = Absent(body.DeviceRequests),
        Ulimits = Absent(body.Ulimits),
        OomKillDisable = body.OomKillDisable is true ? true : null,
    };

    private static IReadOnlyList<T>? Absent<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;
}
