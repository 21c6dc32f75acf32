using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;
using Podsharp.Engine.Networks;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

internal static class NetworkRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get<ListNetworks, InspectNetwork>("/networks", ListAsync);
        routes.Post<CreateNetwork>("/networks/create", CreateAsync);
        routes.Post<PruneNetworks>("/networks/prune", PruneAsync);
        routes.Post<ReloadNetworks>("/networks/reload", ReloadAsync);
        routes.Get<InspectNetwork>("/networks/{name...}", InspectAsync);
        routes.Delete<RemoveNetwork>("/networks/{name...}", RemoveAsync);
        routes.Post<ConnectNetwork>("/networks/{name...}/connect", ConnectAsync);
        routes.Post<DisconnectNetwork>("/networks/{name...}/disconnect", DisconnectAsync);
    }

    private static async Task ListAsync(ApiRequest request, ListNetworks list, InspectNetwork inspect)
    {
        var networks = await list.RunAsync(request.Query.Filters(), request.Aborted);
        var replies = new List<NetworkReply>(networks.Count);
        foreach (var network in networks)
        {
            // Before API 1.28 the list told who is on a network, too.
            var users = request.Version.AtLeast(1, 28) ? [] : (await inspect.RunAsync(network.Id, request.Aborted)).Users;
            replies.Add(NetworkMapping.ToReply(network, users, request.Version));
        }

        await request.ReplyJsonAsync(replies, NetworkJson.Default.IReadOnlyListNetworkReply);
    }

    private static async Task CreateAsync(ApiRequest request, CreateNetwork create)
    {
        var body = await request.ReadJsonAsync(NetworkJson.Default.CreateNetworkBody);
        var network = await create.RunAsync(NetworkReader.Read(body), request.Aborted);
        await request.ReplyJsonAsync(new CreateNetworkReply(network.Id, ""), NetworkJson.Default.CreateNetworkReply, 201);
    }

    private static async Task PruneAsync(ApiRequest request, PruneNetworks prune)
    {
        var filters = request.Query.Filters().Knowing("label", "label!", "until");
        var removed = await prune.RunAsync(new PruneNetworksRequest(Until(filters), filters), request.Aborted);
        await request.ReplyJsonAsync(new PruneNetworksReply(removed.Count > 0 ? removed : null), NetworkJson.Default.PruneNetworksReply);
    }

    // No route of Docker's: firewall rules that somebody flushed come back.
    private static async Task ReloadAsync(ApiRequest request, ReloadNetworks reload)
    {
        var outcome = await reload.RunAsync(request.Aborted);
        await request.ReplyJsonAsync(
            new ReloadNetworksReply(
                [.. outcome.Where(container => container.Fault is null).Select(container => container.Name)],
                [.. outcome.Where(container => container.Fault is not null).Select(container => new ReloadFailure(container.Name, container.Fault!))]),
            NetworkJson.Default.ReloadNetworksReply);
    }

    private static async Task InspectAsync(ApiRequest request, InspectNetwork inspect)
    {
        var name = request.Path("name");
        // All networks are of this machine.
        if (request.Query.Text("scope") is not ("" or "local")) throw EngineException.NoSuchNetwork(name);
        var found = await inspect.RunAsync(name, request.Aborted);
        var reply = NetworkMapping.ToReply(found.Network, found.Users, request.Version);
        if (request.Version.AtLeast(1, 52)) reply = reply with { Status = AddressUse.Of(found.Network, found.Users.Select(static user => user.Endpoint)) };
        await request.ReplyJsonAsync(reply, NetworkJson.Default.NetworkReply);
    }

    private static async Task RemoveAsync(ApiRequest request, RemoveNetwork remove)
    {
        await remove.RunAsync(new RemoveNetworkRequest(request.Path("name"), request.Query.Bool("force")), request.Aborted);
        await request.ReplyAsync(204);
    }

    private static async Task ConnectAsync(ApiRequest request, ConnectNetwork connect)
    {
        var body = await request.ReadJsonAsync(NetworkJson.Default.ConnectBody);
        await connect.RunAsync(NetworkReader.Read(request.Path("name"), body), request.Aborted);
        await request.ReplyAsync(200);
    }

    private static async Task DisconnectAsync(ApiRequest request, DisconnectNetwork disconnect)
    {
        var body = await request.ReadJsonAsync(NetworkJson.Default.DisconnectBody);
        UnknownFields.Refuse(body, "");
        await disconnect.RunAsync(new DisconnectNetworkRequest(request.Path("name"), body.Container ?? "", body.Force ?? false), request.Aborted);
        await request.ReplyAsync(200);
    }

    private static DateTimeOffset? Until(Filters filters) => filters.Single("until") switch
    {
        null => null,
        var text when TimeText.TryParse(text, DateTimeOffset.UtcNow, out var time) => time,
        var bad => throw EngineException.InvalidInput($"failed to parse value as time or duration: \"{bad}\""),
    };
}
