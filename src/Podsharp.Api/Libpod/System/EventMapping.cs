using Podsharp.Api.Http;
using Podsharp.Core.Events;
using Podsharp.Engine.Events;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Api.Libpod.System;

/// <summary>libpod has other words for a few actions; the rest is Docker's form (reference/wire-types.md B4).</summary>
internal static class EventMapping
{
    private static readonly (EventSubject Subject, string Ours, string Theirs)[] Words =
    [
        (EventSubject.Container, "die", "died"),
        (EventSubject.Container, "destroy", "remove"),
        (EventSubject.Container, "exec_die", "exec_died"),
        (EventSubject.Image, "delete", "remove"),
        (EventSubject.Volume, "destroy", "remove"),
        (EventSubject.Network, "destroy", "remove"),
    ];

    /// <summary>Actions by their words here become ours, beside what they may also be.</summary>
    public static EventFilter ToFilter(EventFilter asked) => asked with
    {
        Actions = [.. asked.Actions, .. Words.Where(word => asked.Actions.Contains(word.Theirs)).Select(word => word.Ours).Distinct()],
    };

    public static EventMessage ToMessage(EngineEvent what, ApiVersion version)
    {
        var action = Words.FirstOrDefault(word => word.Subject == what.Subject && word.Ours == what.Action).Theirs ?? what.Action;
        var attributes = what.Attributes.TryGetValue("exitCode", out var code)
            ? new Dictionary<string, string>(what.Attributes) { ["containerExitCode"] = code }
            : what.Attributes;
        return Docker.System.EventMapping.ToMessage(what with { Action = action, Attributes = attributes }, version);
    }
}
