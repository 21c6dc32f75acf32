using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Devices that are asked for by a driver: <c>--device vendor.com/class=name</c>, which is the driver cdi, and <c>--gpus</c>.</summary>
internal static class DeviceRequests
{
    private const string Cdi = "cdi", Nvidia = "nvidia", GpuKind = "nvidia.com/gpu";

    /// <summary>Refuses what no file can make right. InvalidInput.</summary>
    public static void Check(MountsSpec mounts)
    {
        foreach (var request in mounts.DeviceRequests.Where(static request => request.Driver == Cdi))
        {
            if (request.Count != 0) throw EngineException.InvalidInput("unexpected count in CDI device request");
            if (request.Options.Count > 0) throw EngineException.InvalidInput("unexpected options in CDI device request");
            foreach (var name in request.DeviceIds)
            {
                if (!IsQualified(name)) throw EngineException.InvalidInput($"invalid CDI device name \"{name}\": want vendor.com/class=name");
            }
        }
    }

    /// <summary>The devices' names in the catalog. InvalidInput when no driver can serve a request.</summary>
    public static IReadOnlyList<string> NamesOf(MountsSpec mounts, IDeviceCatalog catalog) => [.. mounts.DeviceRequests.SelectMany(request => NamesOf(request, catalog))];

    private static IEnumerable<string> NamesOf(DeviceRequest request, IDeviceCatalog catalog)
    {
        if (request.Driver == Cdi) return request.DeviceIds;
        // What a GPU can do is for its driver's hook to choose; the files describe all of it.
        if (request.Driver is not ("" or Nvidia) || !request.Capabilities.Any(static all => all.Contains("gpu")) || !catalog.Knows(GpuKind)) throw NoDriver(request, catalog);
        if (request.DeviceIds.Count > 0) return request.DeviceIds.Select(static id => $"{GpuKind}={id}");
        return request.Count < 0 ? [$"{GpuKind}=all"] : Enumerable.Range(0, request.Count).Select(static number => string.Create(CultureInfo.InvariantCulture, $"{GpuKind}={number}"));
    }

    private static bool IsQualified(string name)
    {
        var (slash, equals) = (name.IndexOf('/', StringComparison.Ordinal), name.IndexOf('=', StringComparison.Ordinal));
        return slash > 0 && equals > slash + 1 && equals < name.Length - 1;
    }

    private static EngineException NoDriver(DeviceRequest request, IDeviceCatalog catalog) => EngineException.InvalidInput(
        $"could not select device driver \"{request.Driver}\" with capabilities: [{string.Join(' ', request.Capabilities.Select(static all => $"[{string.Join(' ', all)}]"))}]: "
        + $"devices are had by the driver cdi, and GPUs also where {string.Join(" or ", catalog.Directories)} describe some of {GpuKind} (nvidia-ctk cdi generate)");
}
