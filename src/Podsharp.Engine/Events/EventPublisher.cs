using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Images;
using Podsharp.Core.Networks;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Events;

/// <summary>Says what has happened, with the attributes that clients expect of each subject (labels flattened among them).</summary>
public sealed class EventPublisher(IEventLog log, TimeProvider clock)
{
    /// <param name="action">create, start, die …</param>
    /// <param name="attributes">Further ones, such as exitCode or signal; they win over labels of the same name.</param>
    public void Container(Container container, string action, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var all = new Dictionary<string, string>(container.Spec.Labels) { ["image"] = container.Spec.ImageName, ["name"] = container.Name };
        Publish(EventSubject.Container, action, container.Id.ToString(), all, attributes);
    }

    /// <param name="action">exec_create or exec_start.</param>
    public void Exec(Container container, string action, IReadOnlyList<string> command, ContainerId session) =>
        // The program's name and its arguments are joined by a blank even where there are no arguments.
        Container(container, $"{action}: {command[0]} {string.Join(' ', command.Skip(1))}", ("execID", session.ToString()));

    public void ExecDied(Container container, ContainerId session, int exitCode) =>
        Container(container, "exec_die", ("execID", session.ToString()), ("exitCode", exitCode.ToString()));

    /// <param name="name">The name it goes by here: a tag, or its id.</param>
    public void Image(Image image, string action, string name, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var all = new Dictionary<string, string>(image.Config.Process.Labels) { ["name"] = name };
        Publish(EventSubject.Image, action, image.Id.ToString(), all, attributes);
    }

    /// <summary>A name was taken from an image; which one is not told.</summary>
    public void Untagged(Image image) => Image(image, "untag", image.Id.ToString());

    /// <summary>An image is gone, and its labels with it.</summary>
    public void Deleted(Image image) =>
        Publish(EventSubject.Image, "delete", image.Id.ToString(), new Dictionary<string, string> { ["name"] = image.Id.ToString() }, []);

    /// <summary>An image came from a registry under this name.</summary>
    public void Pulled(Image image, ImageReference reference) => Named(image, "pull", reference);

    /// <summary>An image was sent to a registry under this name.</summary>
    public void Pushed(Image image, ImageReference reference) => Named(image, "push", reference);

    public void Volume(Volume volume, string action, params ReadOnlySpan<(string Key, string Value)> attributes) =>
        Publish(EventSubject.Volume, action, volume.Name, new Dictionary<string, string> { ["driver"] = volume.Driver }, attributes);

    /// <summary>A container that starts has the volume mounted.</summary>
    public void VolumeMounted(Volume volume, Container container, ResolvedMount mount) => Volume(
        volume, "mount",
        ("container", container.Id.ToString()), ("destination", mount.Target), ("propagation", mount.Propagation),
        ("read/write", mount.ReadOnly ? "false" : "true"));

    public void VolumeUnmounted(Volume volume, Container container) => Volume(volume, "unmount", ("container", container.Id.ToString()));

    public void Network(Network network, string action, params ReadOnlySpan<(string Key, string Value)> attributes) =>
        Publish(
            EventSubject.Network,
            action,
            network.Id,
            new Dictionary<string, string> { ["name"] = network.Name, ["type"] = network.Driver },
            attributes);

    /// <summary>A whole room was pruned; <paramref name="reclaimed"/> in bytes.</summary>
    public void Pruned(EventSubject subject, long reclaimed) =>
        Publish(subject, "prune", "", new Dictionary<string, string> { ["reclaimed"] = reclaimed.ToString() }, []);

    // What happens between a registry and us is told of the name, not of the id.
    private void Named(Image image, string action, ImageReference reference)
    {
        var all = new Dictionary<string, string>(image.Config.Process.Labels) { ["name"] = reference.FamiliarRepository };
        Publish(EventSubject.Image, action, reference.Familiar, all, []);
    }

    private void Publish(
        EventSubject subject, string action, string id, Dictionary<string, string> all, ReadOnlySpan<(string Key, string Value)> attributes)
    {
        foreach (var (key, value) in attributes) all[key] = value;
        log.Publish(new EngineEvent(clock.GetUtcNow(), subject, action, id, all));
    }
}
