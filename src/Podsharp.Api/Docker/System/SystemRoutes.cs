using Podsharp.Api.Http;
using Podsharp.Core.Host;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Api.Docker.System;

internal static class SystemRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/_ping", PingAsync);
        routes.Get<GetVersion>("/version", VersionAsync);
        routes.Get<GetInfo>("/info", InfoAsync);
        routes.Get<MeasureDiskUsage, TimeProvider>("/system/df", DiskUsageRoute.RunAsync);
        routes.Get<StreamEvents>("/events", EventsAsync);
    }

    public static Task PingAsync(ApiRequest request)
    {
        var headers = request.Http.Response.Headers;
        headers["Builder-Version"] = "1";
        headers["BuildKit-Version"] = "";
        headers["Libpod-Buildah-Version"] = "";
        headers["Swarm"] = "inactive";
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        return request.ReplyTextAsync("OK");
    }

    public static async Task VersionAsync(ApiRequest request, GetVersion getVersion)
    {
        var facts = await getVersion.RunAsync(request.Aborted);
        await request.ReplyJsonAsync(ToReply(facts), SystemJson.Default.VersionReply);
    }

    private static async Task InfoAsync(ApiRequest request, GetInfo getInfo)
    {
        var info = await getInfo.RunAsync(request.Aborted);
        await request.ReplyJsonAsync(InfoMapping.ToReply(info, request.Version, TimeProvider.System.GetUtcNow()), SystemJson.Default.InfoReply);
    }

    private static async Task EventsAsync(ApiRequest request, StreamEvents streamEvents)
    {
        var events = streamEvents.RunAsync(EventMapping.ToRequest(request.Query), request.Following);
        var lines = await request.StartLinesAsync(SystemJson.Default.EventMessage);
        await foreach (var what in events) await lines.WriteAsync(EventMapping.ToMessage(what, request.Version), request.Aborted);
    }

    private static VersionReply ToReply(VersionFacts facts) => new()
    {
        Platform = new PlatformInfo($"linux/{facts.Host.Architecture}/{facts.Host.OperatingSystem}"),
        Components =
        [
            new ComponentVersion("Podman Engine", facts.Version, EngineDetails(facts)),
            ToComponent("Conmon", facts.Host.Monitor),
            ToComponent($"OCI Runtime ({facts.Host.Runtime.Name})", facts.Host.Runtime),
        ],
        Version = facts.Version,
        ApiVersion = ApiVersion.DockerAnnounced.ToShortString(),
        MinApiVersion = ApiVersion.DockerMinimum.ToShortString(),
        GitCommit = "",
        GoVersion = "",
        Os = "linux",
        Arch = facts.Host.Architecture,
        KernelVersion = facts.Host.KernelVersion,
        BuildTime = GoTime.Format(EngineVersion.Released),
    };

    private static Dictionary<string, string> EngineDetails(VersionFacts facts) => new()
    {
        ["APIVersion"] = ApiVersion.Libpod.ToString(),
        ["MinAPIVersion"] = ApiVersion.LibpodMinimum.ToString(),
        ["Arch"] = facts.Host.Architecture,
        ["Os"] = "linux",
        ["KernelVersion"] = facts.Host.KernelVersion,
    };

    private static ComponentVersion ToComponent(string name, ToolVersion tool) =>
        new(name, tool.Version, new Dictionary<string, string> { ["Path"] = tool.Path, ["GitCommit"] = tool.Commit });
}
