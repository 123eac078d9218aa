-- Names of people who do not exist. About one in twenty-five has a name in another script; some carry quotes,
-- apostrophes, hyphens, accents and spaces, because real ones do.

SET VARIABLE women = ['Olivia', 'Amelia', 'Isla', 'Ava', 'Grace', 'Freya', 'Emily', 'Sophie', 'Chloe', 'Hannah', 'Lucy', 'Ellie', 'Zoë', 'Siân', 'Aoife', 'Niamh', 'Chloé', 'Renée',
    'Priya', 'Aisha', 'Fatima', 'Yasmin', 'Ngozi', 'Amara', 'Mei', 'Agnieszka', 'Małgorzata', 'Ingrid', 'Astrid', 'Margaret', 'Patricia', 'Susan', 'Linda', 'Barbara', 'Christine',
    'Mary Jane', 'Anne-Marie', 'Elizabeth "Liz"', 'Katherine', 'Joanne', 'Deborah', 'Helen', 'Rachel', 'Rebecca', 'Laura', 'Gemma', 'Kirsty', 'Morag', 'Bronwen', 'D''Arcy'];
SET VARIABLE men = ['Oliver', 'George', 'Harry', 'Noah', 'Jack', 'Leo', 'Arthur', 'Oscar', 'Thomas', 'James', 'William', 'Daniel', 'Callum', 'Rhys', 'Owain', 'Seán', 'Cormac', 'René',
    'Raj', 'Arjun', 'Mohammed', 'Yusuf', 'Chidi', 'Kwame', 'Wei', 'Piotr', 'Łukasz', 'Björn', 'Søren', 'David', 'Peter', 'Michael', 'Alan', 'Keith', 'Graham', 'Jean-Luc',
    'Robert "Bob"', 'Andrew', 'Stephen', 'Paul', 'Mark', 'Simon', 'Matthew', 'Christopher', 'Ben', 'Jamie', 'Ewan', 'Hamish', 'Gareth', 'T''Shan'];
SET VARIABLE surnames = ['Smith', 'Jones', 'Taylor', 'Brown', 'Williams', 'Wilson', 'Johnson', 'Davies', 'Patel', 'Wright', 'Walker', 'White', 'Edwards', 'Green', 'Hall', 'Wood', 'Harris',
    'Clark', 'Jackson', 'Turner', 'Hill', 'Scott', 'Cooper', 'Morris', 'Ward', 'Baker', 'Khan', 'Hussain', 'Singh', 'Kaur', 'Begum', 'Ali', 'Okonkwo', 'Adeyemi', 'Mensah', 'Nowak',
    'Kowalska', 'Müller', 'García', 'Fernández', 'O''Brien', 'O''Connor', 'O''Sullivan', 'D''Souza', 'D''Angelo', 'MacDonald', 'McKenzie', 'MacLeod', 'Smith-Jones', 'Hughes-Parry',
    'van der Berg', 'de la Cruz', 'St John', 'Ó Súilleabháin', 'Nguyễn', 'Øvergård', 'Ångström', 'Trevelyan', 'Penhaligon', 'Featherstone', 'Ap Rhys', 'Llewellyn', 'Griffiths', 'Fraser',
    'Campbell', 'Murray', 'Ross', 'Sinclair', 'Ashworth', 'Braithwaite', 'Ramsbottom', 'Thistlethwaite', 'Pritchard', 'Cadwallader', 'Lowe', 'Marsh', 'Fielding', 'Harbottle', 'Null', 'True'];
SET VARIABLE scripts = [
    {'women': ['فاطمة', 'ليلى', 'نور', 'مريم'], 'men': ['عمر', 'يوسف', 'خالد', 'أحمد'], 'last': ['حداد', 'المصري', 'الخطيب', 'ناصر']},
    {'women': ['지은', '수빈', '민지', '하윤'], 'men': ['민준', '서준', '지훈', '도윤'], 'last': ['김', '이', '박', '최']},
    {'women': ['芳', '丽', '静', '雪梅'], 'men': ['伟', '强', '磊', '建国'], 'last': ['李', '王', '张', '陈']},
    {'women': ['Ελένη', 'Μαρία', 'Σοφία', 'Άννα'], 'men': ['Γιώργος', 'Νίκος', 'Κώστας', 'Γιάννης'], 'last': ['Παπαδοπούλου', 'Νικολάου', 'Δημητρίου', 'Ιωάννου']},
    {'women': ['Олена', 'Наталія', 'Ірина', 'Софія'], 'men': ['Андрій', 'Тарас', 'Олег', 'Дмитро'], 'last': ['Шевченко', 'Коваленко', 'Бондаренко', 'Мельник']},
    {'women': ['प्रिया', 'अनीता', 'दीपा', 'मीरा'], 'men': ['राज', 'अमित', 'विजय', 'अर्जुन'], 'last': ['शर्मा', 'वर्मा', 'गुप्ता', 'मेहता']},
    {'women': ['שרה', 'רחל', 'נועה', 'מיכל'], 'men': ['דוד', 'יוסי', 'אבי', 'משה'], 'last': ['כהן', 'לוי', 'מזרחי', 'פרץ']}];
