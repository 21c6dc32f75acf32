using Podsharp.Api.Docker.Builds;
using Podsharp.Api.Docker.Containers;
using Podsharp.Api.Docker.Execs;
using Podsharp.Api.Docker.Images;
using Podsharp.Api.Docker.Networks;
using Podsharp.Api.Docker.Registries;
using Podsharp.Api.Docker.Volumes;
using Podsharp.Api.Http;

namespace Podsharp.Api.Specification;

/// <summary>The operations of the routes that the service maps, a dialect each.</summary>
public static class ApiOperations
{
    /// <summary>Without version prefix. Throws where routes and operations differ.</summary>
    public static IReadOnlyList<Operation> Docker() => Joined(
        PodsharpApi.DockerTable(),
        [
            .. ContainerOperations.All,
            .. LifecycleOperations.All,
            .. StreamOperations.All,
            .. ArchiveOperations.All,
            .. ExecOperations.All,
            .. ImageOperations.All,
            .. RegistryOperations.All,
            .. NetworkOperations.All,
            .. VolumeOperations.All,
            .. BuildRoutes.Operations,
            .. Api.Docker.System.SystemOperations.All,
        ]);

    /// <summary>Without version prefix and "libpod". Throws where routes and operations differ.</summary>
    public static IReadOnlyList<Operation> Libpod() => Joined(PodsharpApi.LibpodTable(), Api.Libpod.System.SystemOperations.All);

    private static List<Operation> Joined(RouteTable routes, IReadOnlyList<Operation> operations)
    {
        var mapped = routes.All.Where(static route => !route.IsRefusal).Select(static route => (route.Method, route.Pattern)).ToHashSet();
        var told = operations.Select(static operation => (operation.Method, operation.Pattern)).ToHashSet();
        string[] faults =
        [
            .. mapped.Except(told).Select(static row => $"{row.Method} {row.Pattern} has no operation"),
            .. told.Except(mapped).Select(static row => $"{row.Method} {row.Pattern} has an operation and no route"),
            .. operations.CountBy(static operation => operation.Id).Where(static pair => pair.Value > 1).Select(static pair => $"{pair.Key} names several operations"),
        ];
        return faults.Length == 0
            ? [.. operations.OrderBy(static operation => operation.Pattern, StringComparer.Ordinal).ThenBy(static operation => operation.Method, StringComparer.Ordinal)]
            : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }
}
