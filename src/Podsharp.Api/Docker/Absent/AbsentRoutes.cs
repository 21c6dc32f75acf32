using Podsharp.Api.Http;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Absent;

/// <summary>
/// What Docker's API has and this engine has not. Each row answers with the status that Podman gives there, for that is what clients of an engine
/// without a swarm go on from, and says in JSON why. POST /build and its sessions are here until the engine builds.
/// </summary>
internal static class AbsentRoutes
{
    // Docker's own words: clients tell a lone engine from a broken one by them.
    private const string NoSwarm =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    private const string NoPlugins = "this engine has no plugins";

    private static readonly (ErrorKind Kind, string Message, string[] Routes)[] Table =
    [
        (ErrorKind.NotFound, NoPlugins,
        [
            "GET /plugins", "GET /plugins/privileges", "POST /plugins/pull", "POST /plugins/create", "GET /plugins/{name...}/json", "DELETE /plugins/{name...}",
            "POST /plugins/{name...}/enable", "POST /plugins/{name...}/disable", "POST /plugins/{name...}/upgrade", "POST /plugins/{name...}/push",
            "POST /plugins/{name...}/set",
        ]),
        (ErrorKind.NotFound, NoSwarm, ["GET /swarm", "GET /nodes", "GET /services", "GET /tasks", "GET /configs"]),
        (ErrorKind.Unavailable, NoSwarm,
        [
            "GET /nodes/{id}", "DELETE /nodes/{id}", "POST /nodes/{id}/update",
            "POST /swarm/init", "POST /swarm/join", "POST /swarm/leave", "POST /swarm/update", "GET /swarm/unlockkey", "POST /swarm/unlock",
            "POST /services/create", "GET /services/{id}", "DELETE /services/{id}", "POST /services/{id}/update", "GET /services/{id}/logs",
            "GET /tasks/{id}", "GET /tasks/{id}/logs",
            "POST /configs/create", "GET /configs/{id}", "DELETE /configs/{id}", "POST /configs/{id}/update",
            "GET /secrets", "POST /secrets/create", "GET /secrets/{id}", "DELETE /secrets/{id}", "POST /secrets/{id}/update",
        ]),
        (ErrorKind.NotSupported, "this engine does not build images yet: build with another tool and load or pull the image", ["POST /build"]),
        (ErrorKind.NotSupported, "this engine has no BuildKit: its sessions and its gRPC API are not supported", ["POST /session", "POST /grpc"]),
    ];

    public static void Map(RouteTable routes)
    {
        foreach (var (kind, message, rows) in Table)
            foreach (var row in rows)
                routes.Refuse(row[..row.IndexOf(' ')], row[(row.IndexOf(' ') + 1)..], kind, message);
    }
}
