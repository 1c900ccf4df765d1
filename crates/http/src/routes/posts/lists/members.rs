//! Serialises some members of a struct, without a copy of the others.

use serde::{
    Serialize, Serializer,
    ser::{Error, Impossible, SerializeMap, SerializeStruct},
};

/// A struct of which some members are serialised.
pub(super) struct SomeMembers<'a, T, K> {
    pub(super) value: &'a T,
    /// Whether the member with this name is serialised.
    pub(super) keeps: K,
}

impl<T: Serialize, K: Fn(&str) -> bool> Serialize for SomeMembers<'_, T, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(StructSerializer {
            serializer,
            keeps: &self.keeps,
        })
    }
}

/// Serialises structs only.
struct StructSerializer<'a, S, K> {
    serializer: S,
    keeps: &'a K,
}

/// The members of a struct as those of a map, because their number is not known before.
struct KeptMembers<'a, M, K> {
    map: M,
    keeps: &'a K,
}

impl<M: SerializeMap, K: Fn(&str) -> bool> SerializeStruct for KeptMembers<'_, M, K> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        if (self.keeps)(name) {
            self.map.serialize_entry(name, value)?;
        }
        Ok(())
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

fn no_struct<T, E: Error>() -> Result<T, E> {
    Err(E::custom("only structs have members"))
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$result, S::Error> {
            no_struct()
        }
    )*};
}

impl<'a, S: Serializer, K: Fn(&str) -> bool> Serializer for StructSerializer<'a, S, K> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = KeptMembers<'a, S::SerializeMap, K>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        Ok(KeptMembers {
            map: self.serializer.serialize_map(None)?,
            keeps: self.keeps,
        })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        no_struct()
    }

    refused! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Row {
        a: u8,
        b: &'static str,
        c: Vec<u8>,
    }

    #[test]
    fn only_kept_members_are_serialised_in_their_order() {
        let (a, b, c) = (1, "x", vec![2]);
        let value = &Row { a, b, c };
        let text = |kept: &[&str]| {
            let keeps = |name: &str| kept.contains(&name);
            serde_json::to_string(&SomeMembers { value, keeps }).unwrap()
        };
        assert_eq!(text(&["c", "a"]), r#"{"a":1,"c":[2]}"#);
        assert_eq!(text(&[]), "{}");
    }

    #[test]
    fn other_values_are_errors() {
        let keeps = |_: &str| true;
        for value in [json!([1]), json!({"a": 1}), json!("a"), json!(null)] {
            let some = SomeMembers {
                value: &value,
                keeps,
            };
            assert!(serde_json::to_string(&some).is_err(), "{value}");
        }
    }
}
