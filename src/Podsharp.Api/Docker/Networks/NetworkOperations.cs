using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

internal static class NetworkOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/networks", "NetworkList", "List networks")
        {
            Parameters = [Parameter.Filters("dangling", "driver", "id", "label", "name", "scope", "type")],
            Replies = [Reply.Json<IReadOnlyList<NetworkReply>>("The networks")],
            Errors = [400],
        },
        new("POST", "/networks/create", "NetworkCreate", "Create a network")
        {
            Body = typeof(CreateNetworkBody),
            Replies = [Reply.Json<CreateNetworkReply>("Its id", 201)],
            Errors = [400, 403, 404, 409],
        },
        new("POST", "/networks/prune", "NetworkPrune", "Remove networks that no container is on")
        {
            Parameters = [Parameter.Filters("label", "label!", "until")],
            Replies = [Reply.Json<PruneNetworksReply>("What was removed")],
            Errors = [400],
        },
        new("POST", "/networks/reload", "NetworkReload", "Make flushed firewall rules of running containers anew; not one of Docker's")
        {
            Replies = [Reply.Json<ReloadNetworksReply>("Whose rules stand, and whose do not")],
        },
        new("GET", "/networks/{name...}", "NetworkInspect", "One network with its live endpoints")
        {
            Parameters = [Parameter.Flag("verbose", "Swarm services, of which there are none", "1.28"), Parameter.Text("scope", "local", "1.31")],
            Replies = [Reply.Json<NetworkReply>("The network")],
            Errors = [404],
        },
        new("DELETE", "/networks/{name...}", "NetworkDelete", "Remove a network")
        {
            Parameters = [Parameter.Flag("force", "Take stopped containers off it first")],
            Replies = [Reply.Empty(204, "It is gone")],
            Errors = [403, 404],
        },
        new("POST", "/networks/{name...}/connect", "NetworkConnect", "Put a container on a network")
        {
            Body = typeof(ConnectBody),
            Replies = [Reply.Empty(200, "It is on it")],
            Errors = [400, 403, 404, 409],
        },
        new("POST", "/networks/{name...}/disconnect", "NetworkDisconnect", "Take a container off a network")
        {
            Body = typeof(DisconnectBody),
            Replies = [Reply.Empty(200, "It is off it")],
            Errors = [400, 403, 404],
        },
    ];
}
