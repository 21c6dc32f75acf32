namespace Podsharp.Api.Specification;

/// <summary>
/// What the API document says of one route. The service never looks at it; the tool that writes the document does, and the tests do, which
/// fail when a route has no operation, when a handler reads a query parameter that its operation does not name, and when a reply has
/// another shape.
/// </summary>
/// <param name="Pattern">As in the route table.</param>
/// <param name="Id">Unique in the dialect's document; Docker's own name where Docker has the operation.</param>
/// <param name="Summary">One line.</param>
public sealed record Operation(string Method, string Pattern, string Id, string Summary)
{
    /// <summary>In the query and, with <see cref="Parameter.InHeader"/>, in the head.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The type of the JSON body; null: none, or one that is not JSON.</summary>
    public Type? Body { get; init; }

    /// <summary>The body is a stream of this media type ("" none).</summary>
    public string BodyMedia { get; init; } = "";

    /// <summary>Replies beside the errors.</summary>
    public IReadOnlyList<Reply> Replies { get; init; } = [];

    /// <summary>Error statuses that clients should expect; 500 is always among them.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>The resource: the first room of the pattern.</summary>
    public string Tag => Pattern.Split('/', 3)[1];
}

/// <param name="Type">The .NET type of one value: string, bool, int, long, string[].</param>
/// <param name="Since">The API version that has it first; "" always there.</param>
public sealed record Parameter(string Name, Type Type, string Description = "", string Since = "")
{
    public bool Required { get; init; }

    public bool InHeader { get; init; }

    public static Parameter Flag(string name, string description = "", string since = "") => new(name, typeof(bool), description, since);

    public static Parameter Number(string name, string description = "", string since = "") => new(name, typeof(long), description, since);

    public static Parameter Text(string name, string description = "", string since = "") => new(name, typeof(string), description, since);

    /// <summary>May be given more than once.</summary>
    public static Parameter Several(string name, string description = "", string since = "") => new(name, typeof(string[]), description, since);

    /// <summary>A JSON map from key to values.</summary>
    public static Parameter Filters(params IReadOnlyList<string> keys) =>
        new("filters", typeof(string), $"JSON, a map from a key to its values: {string.Join(", ", keys)}");

    public static Parameter Header(string name, string description) => new(name, typeof(string), description) { InHeader = true };

    public Parameter Needed() => this with { Required = true };
}

/// <param name="Type">Null: no body, or bytes of <paramref name="Media"/>.</param>
public sealed record Reply(int Status, Type? Type, string Media, string Description)
{
    public static Reply Json<T>(string description, int status = 200) => new(status, typeof(T), "application/json", description);

    /// <summary>One JSON value a line, as things happen.</summary>
    public static Reply Lines<T>(string description) => new(200, typeof(T), "application/json", description);

    public static Reply Bytes(string media, string description, int status = 200) => new(status, null, media, description);

    public static Reply Empty(int status, string description) => new(status, null, "", description);
}
