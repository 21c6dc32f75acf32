using Podsharp.Core.Events;

namespace Podsharp.Engine.Events;

/// <summary>Which events a reader wants: each list that is not empty must have a value that fits; labels must all fit.</summary>
public sealed record EventFilter
{
    public IReadOnlyList<EventSubject>? Subjects { get; init; }

    /// <summary>Actions; "exec_create" also takes "exec_create: ls".</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Starts of an id or name, for each kind of subject.</summary>
    public IReadOnlyDictionary<EventSubject, IReadOnlyList<string>> Names { get; init; } = new Dictionary<EventSubject, IReadOnlyList<string>>();

    /// <summary>Image names or ids, with or without tag: of events of images and of containers made from them.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>KEY or KEY=VALUE.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public bool Takes(EngineEvent what) =>
        (Subjects is null || Subjects.Contains(what.Subject))
        && (Actions.Count == 0 || Actions.Any(action => IsAction(what.Action, action)))
        && Names.All(wanted => wanted.Value.Any(start => IsNamed(what, start)))
        && (Images.Count == 0 || Images.Any(image => IsImage(what, image)))
        && Labels.All(label => HasLabel(what, label));

    private static bool IsAction(string actual, string wanted) =>
        actual == wanted || (actual.StartsWith(wanted, StringComparison.Ordinal) && actual[wanted.Length] == ':');

    private static bool IsNamed(EngineEvent what, string start) =>
        what.Id.StartsWith(start, StringComparison.Ordinal)
        || (what.Attributes.TryGetValue("name", out var name) && name.StartsWith(start, StringComparison.Ordinal));

    private static bool IsImage(EngineEvent what, string wanted)
    {
        var name = what.Attributes.GetValueOrDefault(what.Subject == EventSubject.Image ? "name" : "image", "");
        return what.Id == wanted || name == wanted || WithoutTag(what.Id) == wanted || WithoutTag(name) == wanted;
    }

    private static string WithoutTag(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    private static bool HasLabel(EngineEvent what, string label)
    {
        var parts = label.Split('=', 2);
        return what.Attributes.TryGetValue(parts[0], out var value) && (parts.Length == 1 || value == parts[1]);
    }
}
