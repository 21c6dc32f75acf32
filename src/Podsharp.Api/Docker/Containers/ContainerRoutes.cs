using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

internal static class ContainerRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get<ListContainers, TimeProvider>("/containers/json", ListAsync);
        routes.Post<CreateContainer>("/containers/create", CreateAsync);
        routes.Post<PruneContainers>("/containers/prune", PruneAsync);
        routes.Get<InspectContainer, EngineChoices>("/containers/{id}/json", InspectAsync);
        routes.Get<ListProcesses>("/containers/{id}/top", TopAsync);
        routes.Post<RenameContainer>("/containers/{id}/rename", RenameAsync);
        routes.Delete<RemoveContainer>("/containers/{id}", RemoveAsync);
        ArchiveRoutes.Map(routes);
        LifecycleRoutes.Map(routes);
        StreamRoutes.Map(routes);
    }

    private static async Task ListAsync(ApiRequest request, ListContainers list, TimeProvider clock)
    {
        var query = request.Query;
        var asked = new ListContainersRequest(query.Bool("all"), Math.Max(0, query.Int("limit") ?? 0), query.Bool("size"), query.Filters());
        var containers = await list.RunAsync(asked, request.Aborted);
        await request.ReplyJsonAsync(ListWriter.Write(containers, request.Version, clock.GetUtcNow()));
    }

    private static async Task CreateAsync(ApiRequest request, CreateContainer create)
    {
        var reading = CreateBodyReader.Read(await request.ReadJsonAsync(ContainerJson.Default.CreateBody), request.Query, request.Version);
        var asked = new CreateContainerRequest(OrNull(request.Query.Text("name")), reading.Spec, OlderVersions.Platform(request.Query.Text("platform"), request.Version));
        var outcome = await create.RunAsync(asked, CancellationToken.None);
        await request.ReplyJsonAsync(
            new CreateReply(outcome.Id.ToString(), [.. reading.Warnings, .. outcome.Warnings]), ContainerJson.Default.CreateReply, status: 201);
    }

    private static async Task InspectAsync(ApiRequest request, InspectContainer inspect, EngineChoices choices)
    {
        var inspection = await inspect.RunAsync(request.Path("id"), request.Query.Bool("size"), request.Aborted);
        await request.ReplyJsonAsync(InspectWriter.Write(inspection, choices, request.Version), ContainerJson.Default.InspectReply);
    }

    private static async Task TopAsync(ApiRequest request, ListProcesses list)
    {
        var arguments = request.Query.Text("ps_args");
        var processes = await list.RunAsync(request.Path("id"), arguments.Length > 0 ? arguments : "-ef", request.Aborted);
        await request.ReplyJsonAsync(new TopReply(processes.Rows, processes.Titles), ContainerJson.Default.TopReply);
    }

    private static async Task RenameAsync(ApiRequest request, RenameContainer rename)
    {
        var name = OrNull(request.Query.Text("name")) ?? throw EngineException.InvalidInput("Neither old nor new names may be empty");
        await rename.RunAsync(new RenameContainerRequest(request.Path("id"), name), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    private static async Task RemoveAsync(ApiRequest request, RemoveContainer remove)
    {
        if (request.Query.Bool("link")) throw EngineException.NotSupported("links between containers are not supported, so none can be removed");
        await remove.RunAsync(
            new RemoveContainerRequest(request.Path("id"), request.Query.Bool("force"), request.Query.Bool("v")), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    private static async Task PruneAsync(ApiRequest request, PruneContainers prune)
    {
        var outcome = await prune.RunAsync(request.Query.Filters(), CancellationToken.None);
        var reply = new PruneReply(outcome.Removed.Count == 0 ? null : [.. outcome.Removed.Select(id => id.ToString())], outcome.SpaceReclaimed);
        await request.ReplyJsonAsync(reply, ContainerJson.Default.PruneReply);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
