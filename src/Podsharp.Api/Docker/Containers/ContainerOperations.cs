using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

internal static class ContainerOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/containers/json", "ContainerList", "List containers")
        {
            Parameters =
            [
                Parameter.Flag("all", "Not only the running ones"),
                Parameter.Number("limit", "The newest so many, running or not"),
                Parameter.Flag("size", "Tell the sizes"),
                Parameter.Filters(
                    "ancestor", "before", "expose", "exited", "health", "id", "is-task", "isolation", "label", "name", "network", "publish", "since", "status", "volume"),
            ],
            Replies = [Reply.Json<IReadOnlyList<ListEntry>>("The containers, newest first")],
            Errors = [400],
        },
        new("POST", "/containers/create", "ContainerCreate", "Create a container")
        {
            Parameters = [Parameter.Text("name", "Made up where it is left out"), Parameter.Text("platform", "As in linux/amd64", "1.41")],
            Body = typeof(CreateBody),
            Replies = [Reply.Json<CreateReply>("Its id, and what could not be done as asked", 201)],
            Errors = [400, 404, 409],
        },
        new("POST", "/containers/prune", "ContainerPrune", "Remove containers that do not run")
        {
            Parameters = [Parameter.Filters("label", "label!", "until")],
            Replies = [Reply.Json<PruneReply>("What was removed")],
            Errors = [400],
        },
        new("GET", "/containers/{id}/json", "ContainerInspect", "One container in full")
        {
            Parameters = [Parameter.Flag("size", "Tell the sizes")],
            Replies = [Reply.Json<InspectReply>("The container")],
            Errors = [404],
        },
        new("GET", "/containers/{id}/top", "ContainerTop", "The processes of a container")
        {
            Parameters = [Parameter.Text("ps_args", "Arguments of ps; -ef where there are none")],
            Replies = [Reply.Json<TopReply>("A title a column, a list of columns a process")],
            Errors = [400, 404, 409],
        },
        new("POST", "/containers/{id}/rename", "ContainerRename", "Give a container another name")
        {
            Parameters = [Parameter.Text("name", "The new name").Needed()],
            Replies = [Reply.Empty(204, "It has that name")],
            Errors = [400, 404, 409],
        },
        new("DELETE", "/containers/{id}", "ContainerDelete", "Remove a container")
        {
            Parameters =
            [
                Parameter.Flag("force", "Kill it where it runs"), Parameter.Flag("v", "Its nameless volumes, too"), Parameter.Flag("link", "Remove a link", "1.27"),
            ],
            Replies = [Reply.Empty(204, "It is gone")],
            Errors = [400, 404, 409],
        },
    ];
}
