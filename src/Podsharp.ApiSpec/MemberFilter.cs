using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Podsharp.Api.Specification;
using Podsharp.Wire.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Podsharp.ApiSpec;

/// <summary>Required is what is always written; null may be what the type says may be null.</summary>
internal sealed class MemberFilter : ISchemaFilter
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly HashSet<Type> _sent = SentTypes();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } members } whole || context.MemberInfo is not null) return;
        whole.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;
            if (!members.TryGetValue(name, out var member)) continue;
            if (!_sent.Contains(context.Type) && property.GetCustomAttribute<JsonIgnoreAttribute>() is null or { Condition: JsonIgnoreCondition.Never }) whole.Required.Add(name);
            if (member is OpenApiSchema { Type: { } type } own && _nullability.Create(property).ReadState == NullabilityState.NotNull) own.Type = type & ~JsonSchemaType.Null;
        }
    }

    // What clients send may leave anything out: the bodies with all that is in them.
    private static HashSet<Type> SentTypes()
    {
        var types = new HashSet<Type>();
        var open = new Queue<Type>(ApiOperations.Docker().Concat(ApiOperations.Libpod()).Select(static operation => operation.Body).OfType<Type>());
        while (open.TryDequeue(out var type))
        {
            foreach (var argument in type.GetGenericArguments()) open.Enqueue(argument);
            if (type.Assembly != typeof(ErrorReply).Assembly || !types.Add(type)) continue;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)) open.Enqueue(property.PropertyType);
        }

        return types;
    }
}
